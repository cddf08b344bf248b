"""roster: everybody who works here comes in from a table, gets a join code, moves, leaves and returns."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE", help="A CSV or XLSX table."),
]
Whole = Annotated[
    bool, typer.Option("--whole", help="The table is the whole roster: who is not in it has left.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Let go also more than 20 % of the roster.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would happen, and keep nothing.")]
ProblemsTo = Annotated[
    Path | None, typer.Option("--problems-to", metavar="FILE.csv", help="Also write the problems as a table.")
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The staff number, or #ID of the list.")]
Office = Annotated[str, typer.Argument(metavar="OFFICE", help="An office or clinical department.")]
OfOffice = Annotated[str | None, typer.Option("--office", help="Only this office.")]
RoleName = Annotated[
    str, typer.Option("--role", help="staff, officer or head there; never more rights in chat than before.")
]
Names = Annotated[bool, typer.Option("--names", help="List the people, not only counts; noted in the trail.")]
Numbers = Annotated[
    list[str] | None,
    typer.Option("--number", metavar="NUMBER", help="For this person, joined or not; several times."),
]
Out = Annotated[Path, typer.Option("--out", help="FILE.pdf: slips to cut; FILE.xlsx: a table.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
MemberId = Annotated[int, typer.Argument(metavar="MEMBER", help="The number in: lianxin members.")]
app = typer.Typer(help="Everybody who works here.", rich_markup_mode=None, no_args_is_help=True)


def add_to(parent: typer.Typer) -> None:
    """Adds the commands."""
    parent.add_typer(
        app,
        name="roster",
        short_help="Take in the staff, make join codes.",
        epilog="Example: lianxin roster import 花名册.xlsx",
    )


@app.command("import", epilog="Example: lianxin roster import 花名册.xlsx --whole")
def import_roster(
    file: File,
    whole: Whole = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    problems_to: ProblemsTo = None,
    data: Data = None,
) -> None:
    """Take in staff: number, name, office, role, groups, whether and when they left.

    Telephone and identity numbers are not wanted and dropped. Bad rows are listed by line and column, the
    good ones go in; the same file again changes nothing. Ends with 0 when all rows are good, with 1 when
    some were bad, with 2 when the file cannot be read.
    """
    if problems_to is not None and problems_to.exists():
        raise typer.BadParameter(
            f"{problems_to} exists already; choose another name", param_hint="--problems-to"
        )
    from bot.cli.roster_intake import find_leavers, put_in, read_table

    with opened(data) as folder:
        reading = read_table(file, folder)
        missing = find_leavers(reading, folder, yes=yes) if whole else None
        put_in(reading, missing, folder, file, dry=dry_run, problems_to=problems_to)


@app.command("list", epilog="Example: lianxin roster list --office 骨科 --names")
def list_roster(office: OfOffice = None, names: Names = False, data: Data = None) -> None:
    """How many work at each office and how many have joined; with --names everybody of it."""
    from bot.cli.inviting import choose_office
    from bot.cli.roster_tables import print_counts, print_people

    with opened(data) as folder:
        chosen = choose_office(office, folder.house.hospital) if office is not None else ""
        (print_people if names else print_counts)(folder, chosen, now=utc_now())


@app.command("off", epilog="Example: lianxin roster off 10023")
def off(number: Number, data: Data = None) -> None:
    """Somebody has left for good: no duties, no lists, no chat from now on."""
    from bot.cli.roster_moves import let_one_go

    with opened(data) as folder:
        done = let_one_go(folder, number, now=utc_now())
    typer.echo(f"{number} has left.")
    if done.returned:
        typer.echo(f"{done.returned} open cases of theirs wait for a colleague again.")


@app.command("on", epilog="Example: lianxin roster on 10023")
def on(number: Number, data: Data = None) -> None:
    """Somebody who had left works here again; they join with a new code."""
    from bot.cli.roster_moves import take_one_back

    with opened(data) as folder:
        take_one_back(folder, number, now=utc_now())
    typer.echo(f"{number} works here again. To let them in: lianxin roster codes --number {number} --out …")


@app.command("move", epilog="Example: lianxin roster move 10023 药剂科 --role head")
def move(number: Number, office: Office, role: RoleName = "staff", data: Data = None) -> None:
    """Somebody works at another office from now on; what they held at the old one goes back to it."""
    from bot.cli.roster_moves import move_one

    with opened(data) as folder:
        moved_to = move_one(folder, number, office, role, now=utc_now())
    typer.echo(f"{number} is at {moved_to} now.")


@app.command("link", epilog="Example: lianxin roster link 10023 5")
def link(number: Number, member: MemberId, data: Data = None) -> None:
    """Say which person of the roster a member is who joined before the roster came."""
    from bot.cli.roster_moves import link_one

    with opened(data) as folder:
        link_one(folder, number, member, now=utc_now())
    typer.echo(f"Member {member} is {number} of the roster.")


@app.command("codes", epilog="Example: lianxin roster codes --office 骨科 --out 骨科.pdf")
def codes(
    out: Out, office: OfOffice = None, number: Numbers = None, force: Force = False, data: Data = None
) -> None:
    """Make one-time join codes, a slip for each person who has not joined. Hand them over in person.

    Each works once, within 30 days; one made before for the same person works no more.
    """
    from bot.cli.inviting import choose_office
    from bot.cli.progress import bar
    from bot.cli.roster_moves import chosen_people, codes_about, ways_of
    from bot.settings import load_settings
    from bot.staff.handing_out import check_out, hand_out

    if office is not None and number:
        raise typer.BadParameter("give --office or --number, not both", param_hint="--number")
    check_out(out, force=force)
    settings = load_settings(data=data)
    with opened(data) as folder:
        chosen = choose_office(office, folder.house.hospital) if office is not None else ""
        ids = chosen_people(folder, chosen, number or ())
        ways = ways_of(settings)
        older = codes_about(folder, ids)
        with bar("Drawing", len(ids)) as drawn:
            made = hand_out(folder, ids, ways, out, force=force, now=utc_now(), drawn=drawn) if ids else 0
    if made:
        typer.echo(f"{made} join codes are in {out}. Who holds one can join as that person: keep it safe.")
        if older:
            typer.echo(f"{older} codes that were made for them before work no more: throw those slips away.")
        if not ways.link(""):
            typer.echo("No address is on the slips; to print one: LIANXIN_PUBLIC_URL, or a Telegram bot.")
    else:
        typer.echo("Everybody there has joined.")
