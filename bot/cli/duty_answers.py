"""duties files and duties signed: what staff handed in and signed, for the paper of the receiving office."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

if TYPE_CHECKING:
    from sqlmodel import Session

    from bot.data_folder import DataFolder
    from storage.duties.occurrences import Occurrence
    from storage.duties.signing import Signer

Which = Annotated[
    str, typer.Argument(metavar="KEY", help="The key of the duty (its newest instance), or of one instance.")
]
Period = Annotated[str, typer.Option("--period", metavar="NAME", help="One instance, such as 2026-11.")]
Office = Annotated[str, typer.Option("--office", metavar="NAME", help="Only this office.")]
Folder = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the files go.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE.xlsx|.pdf", help="A table, or pages to print.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]


def add_to(duties_app: typer.Typer) -> None:
    """Adds the commands below `duties`."""
    duties_app.command("files", epilog="Example: lianxin duties files monthly_report --out report-11")(
        take_out
    )
    duties_app.command("signed", epilog="Example: lianxin duties signed integrity_promise --out signed.pdf")(
        signed
    )


def take_out(key: Which, out: Folder, period: Period = "", force: Force = False, data: Data = None) -> None:
    """Write what was handed in for a duty into a folder: the files, and index.xlsx with whose they are.

    Names stand in the table; the trail tells that it was taken out. The folder is yours to keep safe.
    """
    from functools import partial

    from bot.cli.progress import bar
    from bot.duties.taking_out import gather, write_out
    from handlers.words import FALLBACK, words_for

    with opened(data) as folder:
        occurrence = _occurrence(folder, key, period)
        work = partial(gather, occurrence=occurrence, folder=folder, now=utc_now())
        found = folder.database.run_now(lambda session: work(session))
        with bar("Writing", sum(len(one.files) for one in found)) as written:
            count = write_out(
                found, folder, out, words=words_for(FALLBACK), force=force, written=written
            )  # fmt: skip
    typer.echo(f"{len(found)} submissions with {count} files are in {out}; index.xlsx says whose they are.")


def signed(
    key: Which, out: Out, office: Office = "", period: Period = "", force: Force = False, data: Data = None
) -> None:
    """Write who has signed a form and who has not, office by office, with a line to sign by hand.

    The file holds names and is readable by its owner alone; the trail tells that it was written.
    """
    from bot.new_file import refuse_to_overwrite, save

    if out.suffix.lower() not in (".xlsx", ".pdf"):
        raise typer.BadParameter("a name that ends in .xlsx or .pdf", param_hint="--out")
    if not force:
        refuse_to_overwrite(out)
    with opened(data) as folder:
        occurrence = _occurrence(folder, key, period, to_sign=True)
        lists = _signers(folder, occurrence, office.strip())
        content = _content(folder, occurrence.title, lists, is_pdf=out.suffix.lower() == ".pdf")
        save(content, out, force=force)
    people = [one for some in lists.values() for one in some if not one.excused]
    done = sum(one.signed_at is not None for one in people)
    typer.echo(f"{out}: {done} of {len(people)} have signed, in {len(lists)} offices.")


def _signers(folder: "DataFolder", occurrence: "Occurrence", office: str) -> Mapping[str, Sequence["Signer"]]:
    from storage.duties.signing import signed_list
    from storage.errors import ConfigError
    from storage.event_names import EventName
    from storage.events import CONSOLE, record_event

    if office and office not in folder.house.hospital.places:
        raise ConfigError(f"--office: there is no office or department {office}; see hospital.toml")
    offices, vault, now = [office] if office else None, folder.vault, utc_now()

    def work(session: "Session") -> Mapping[str, Sequence["Signer"]]:
        record_event(session, CONSOLE, EventName.SIGNERS_EXPORTED, now=now, occurrence=occurrence.id)
        return signed_list(session, occurrence, offices=offices, vault=vault)

    return folder.database.run_now(work)


def _content(
    folder: "DataFolder", title: str, lists: Mapping[str, Sequence["Signer"]], *, is_pdf: bool
) -> bytes:
    from bot.cli.progress import bar
    from bot.duties.signers_paper import count_pages, signers_pdf
    from bot.duties.signers_table import signers_xlsx
    from handlers.words import FALLBACK, words_for

    words, zone = words_for(FALLBACK), folder.house.hospital.timezone
    if not is_pdf:
        return signers_xlsx(title, lists, words=words, timezone=zone)
    with bar("Drawing", count_pages(lists)) as drawn:
        return signers_pdf(title, lists, words=words, timezone=zone, drawn=drawn)


def _occurrence(folder: "DataFolder", key: str, period: str, *, to_sign: bool = False) -> "Occurrence":
    """The instance that is meant, detached; raises ConfigError."""
    from storage.duties.naming import find_instance
    from storage.errors import ConfigError

    found = folder.database.run_now(
        lambda session: find_instance(session, key, period, house=folder.house, to_sign=to_sign)
    )
    if found is None:
        raise ConfigError(
            f"nothing was given out yet for {key} {period}".strip() + "; see: lianxin duties list"
        )
    return found
