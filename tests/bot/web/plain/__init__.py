"""Tests of bot.web.plain."""
