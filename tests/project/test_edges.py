"""Every edge where bytes or words of strangers come in, and the test that throws anything at it.

```
tests/e2e/test_api_fuzz.py
    test_every_body_gets_an_answer: web: JSON of a message
tests/bot/web/test_any_request.py
    test_any_multipart_of_the_contract_is_answered: web: multipart of a message
    test_a_file_whose_name_cannot_be_read_is_a_file_still: web: names of files
    test_only_a_session_of_ours_is_one: web: session tokens, Last-Event-ID, after
    test_no_header_and_no_path_breaks_a_page: web: headers, methods, paths
    test_no_proof_but_a_good_one_opens_a_session_when_it_is_busy: web: proofs of work, tickets
    test_any_form_of_the_page_without_scripts_is_answered: plain page: forms with hidden fields
    test_any_cookie_is_a_visit_of_ours_or_none: plain page: cookies
tests/bot/test_stamps.py
    test_anything_else_is_none: web: stamps
tests/bot/test_gate.py
    Rush: web: a rush of knocks, proofs and tickets
tests/bot/channels/test_telegram_any_update.py
    test_any_update_is_taken_once_or_passed_over: telegram: updates
    test_no_result_of_polling_keeps_the_next_updates_away: telegram: results of polling
    test_any_call_of_the_webhook_is_answered: telegram: calls of the webhook
tests/bot/channels/test_telegram_text.py
    test_clean_text_can_always_be_sent: telegram: characters of a text
tests/bot/test_tidy.py
    test_whatever_comes_can_be_encoded_and_tidying_twice_changes_nothing: characters of any message
tests/handlers/test_any_input.py
    test_anybody_may_say_and_press_anything: buttons and words, of everybody
    test_no_button_of_a_stranger_changes_anything: buttons of strangers
    test_a_hundred_thousand_characters_are_read: 100,000 characters
    test_what_looks_like_a_code_opens_nothing_of_others: receipt codes
tests/handlers/staff/hand_ins/test_any_order.py
    test_whatever_is_said_is_answered_and_nobody_else_changes_it: hand-ins, in any order
    test_any_words_are_an_amount_a_day_or_neither: amounts and days of hand-ins
tests/handlers/staff/record/test_any_order.py
    test_whatever_is_said_is_answered_and_only_keepers_read_and_write: ethics records, in any order
tests/handlers/followup/test_any_order.py
    test_whatever_comes_is_answered_and_kept_where_it_belongs: a survey, in any order
tests/handlers/staff/quiz/test_conversation.py
    test_whatever_is_pressed_or_typed_the_place_is_kept: a quiz, in any order
    test_forged_buttons_lead_nowhere: buttons of quizzes
tests/handlers/staff/knowledge/test_conversation.py
    test_forged_buttons_lead_nowhere: buttons of knowledge
tests/handlers/followup/test_satisfaction.py
    test_any_text_is_read_and_a_month_is_one_or_none: figures asked for in words
    test_forged_buttons_lead_nowhere: buttons of figures
tests/handlers/staff/drives/test_conversation.py
    test_forged_buttons_lead_nowhere: buttons of drives and their ledger
    test_any_page_of_the_ledger_is_shown: pages of a ledger
tests/bot/drives/test_reading.py
    test_any_values_are_a_drive_or_explained: drives: values of a file
tests/bot/pictures/test_studio.py
    test_no_name_breaks_a_picture: names on a picture
tests/bot/pictures/test_targets.py
    test_no_title_breaks_a_picture: titles of duties on a picture
tests/handlers/staff/coverage/test_asked.py
    test_any_text_is_read_and_a_span_is_one_or_none: coverage asked for in words
tests/handlers/staff/coverage/test_conversation.py
    test_any_button_is_answered_and_names_of_other_offices_stay: buttons of coverage
tests/nlp/test_commands.py
    test_no_text_raises: codes in a text
tests/handlers/test_whole_conversation.py
    Hospital: the whole conversation, stale buttons
tests/nlp/test_reading.py
    test_any_text_is_read_and_evidence_stands_in_the_original: what the reader reads
tests/nlp/test_entities.py
    test_repeating_anything_is_read_quickly_and_stands_in_the_original: what names a department, person, sum
tests/nlp/test_crisis.py
    test_any_text_is_read_and_every_piece_of_evidence_stands_in_it: words of danger
tests/nlp/test_rating.py
    test_any_reply_is_read: replies to the survey
tests/bot/cli/test_any_line.py
    test_any_standard_input_is_answered_line_by_line: classify and rate: standard input
    test_any_file_of_messages_is_replayed_but_for_lines_told_by_number: replay: the file of messages
    test_any_line_is_a_head_or_explained: audit verify: --head, --heads
    test_no_cell_of_the_ledger_is_a_formula: export: cells of the ledger
tests/bot/test_any_file.py
    test_any_edited_file_is_read_or_explained: hospital, holidays, duties, questions.toml, words.csv
    test_any_env_file_gives_settings_or_one_line_without_a_value: .env
    test_any_key_file_is_read_or_refused_without_a_key_in_the_words: key file
    test_any_manifest_is_ours_or_refused: backup: manifest
    test_a_backup_with_any_change_is_put_back_nowhere: backup: the folder
tests/bot/followup/test_reading.py
    test_any_cells_are_read_or_explained: discharges: cells of a table
    test_any_bytes_below_headings_are_read_or_explained: discharges: bytes of a file
tests/bot/staff/test_reading.py
    test_any_cells_below_headings_are_read_or_explained: roster: cells of a table
    test_any_bytes_are_read_or_explained: roster: bytes of a file
tests/handlers/staff/test_any_answer.py
    test_any_answer_of_staff_is_heard_and_joins_no_report: duties and forms: buttons, words, files
tests/handlers/staff/test_figure_in.py
    test_any_text_is_read_or_none: duties: figures
tests/handlers/staff/test_day_in.py
    test_any_text_is_read_or_none: duties: days
tests/handlers/staff/test_leave.py
    test_any_forged_button_is_answered_and_changes_nothing: leave: buttons of heads
tests/nlp/test_leave.py
    test_any_short_text_is_read_without_error_and_within_a_year: leave: what staff type
tests/nlp/test_own_rows.py
    test_any_rows_are_read_or_explained: rows of words.csv
tests/storage/test_vault.py
    test_a_changed_bit_anywhere_never_opens: database: sealed values
    test_what_was_moved_never_opens: database: moved values
tests/bot/test_any_row.py
    test_nobody_else_is_kept_from_anything: database: any column of any row
tests/storage/test_events.py
    test_any_detail_keeps_the_trail_whole: trail: details of events
tests/storage/cleaning/test_worker.py
    test_a_file_with_changed_bytes_is_clean_or_refused: files: changed bytes
    test_a_true_beginning_with_nonsense_behind_is_clean_or_refused: files: nonsense behind a true beginning
```

All are bounded and the same at each run. `LIANXIN_FUZZ=50 pytest tests/bot/test_any_file.py` tries 50 times
as much of the newer ones (see tests/strategies.py), and something else each time.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_MARKS = {"given", "parametrize"}


def rows() -> Iterator[tuple[str, str]]:
    """File and name of every test in the table above."""
    file = ""
    for line in (__doc__ or "").splitlines():
        if line.startswith("tests/"):
            file = line
        elif found := re.match(r" {4}(\w+): \S", line):
            yield file, found[1]


ROWS = list(rows())


def defined_in(file: str) -> dict[str, ast.AST]:
    """Functions and classes of a file, by name; a missing file has none."""
    path = ROOT / file
    if not path.exists():
        return {}
    known = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name: node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, known)}


def test_every_edge_has_its_test() -> None:
    assert [f"{file}::{name}" for file, name in ROWS if name not in defined_in(file)] == []
    assert len(ROWS) > 40


def test_every_test_of_an_edge_tries_many_inputs() -> None:
    for file, name in ROWS:
        node = defined_in(file)[name]
        if isinstance(node, ast.ClassDef):
            assert "RuleBasedStateMachine" in {ast.unparse(base) for base in node.bases}, name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            marks = {ast.unparse(one).partition("(")[0].rpartition(".")[2] for one in node.decorator_list}
            assert marks & _MARKS, name


def test_the_table_has_every_test_once() -> None:
    assert len(set(ROWS)) == len(ROWS)
    newer = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*any_*.py")]
    found = {(file, name) for file in newer for name in defined_in(file) if name.startswith("test_")}
    assert found - set(ROWS) == set()
