"""SMS as a channel, through whatever provider the hospital has."""

from bot.channels.sms.channel import SmsChannel, SmsTerms

__all__ = ["SmsChannel", "SmsTerms"]
