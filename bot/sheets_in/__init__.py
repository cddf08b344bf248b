"""Reads tables that hospitals send: CSV and workbooks, headings, cells, and what is wrong with them."""
