"""invite, members and groups: who comes in, who is in, who goes."""

from typing import Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

_ROLES = "officer, head (also reassigns and approves), supervisor (also sees sealed cases), administrator \
(runs the house, sees no case) or staff (training only, sees no case)"
Office = Annotated[
    str | None,
    typer.Option(help="The office, or a clinical department; the discipline office unless given."),
]
RoleName = Annotated[str | None, typer.Option("--role", metavar="ROLE", help=f"{_ROLES}. Default: officer.")]
Name = Annotated[str, typer.Option(help="The name colleagues know the person by.")]
ForGroup = Annotated[bool, typer.Option("--group", help="For the office's group chat.")]
ForEveryone = Annotated[
    bool, typer.Option("--everyone", help="With --group: for a group of the whole house's staff.")
]
Id = Annotated[int, typer.Argument(metavar="ID", help="The number in the list.")]
To = Annotated[int | None, typer.Option("--to", metavar="ID", help="Who takes over their open cases.")]

members_app = typer.Typer(help="List the members, or take one off and on again.", rich_markup_mode=None)
groups_app = typer.Typer(help="List the bound group chats, or unbind one.", rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog="Example: lianxin invite --office 药剂科 --role head --name 王芳",
        short_help="Make a join code.",
    )(invite)
    app.add_typer(
        members_app,
        name="members",
        short_help="List members, take one off.",
        epilog="Example: lianxin members off 3",
    )
    app.add_typer(
        groups_app,
        name="groups",
        short_help="List group chats, unbind one.",
        epilog="Example: lianxin groups off 2",
    )


def invite(
    office: Office = None, role: RoleName = None, name: Name = "", group: ForGroup = False,
    everyone: ForEveryone = False, data: Data = None,
) -> None:  # fmt: skip
    """Make a join code for a colleague, or with --group for a group chat."""
    from bot.cli.inviting import choose_office, choose_role, make_code
    from storage.groups import EVERYONE
    from storage.invites import INVITE_LASTS

    if group and (role or name):
        raise typer.BadParameter("a group has neither role nor name", param_hint="--group")
    if everyone and (office or not group):
        raise typer.BadParameter("goes with --group, and without --office", param_hint="--everyone")
    chosen_role = choose_role(role)
    with opened(data) as folder:
        chosen = EVERYONE if everyone else choose_office(office, folder.house.hospital, chosen_role)
        code = make_code(folder, chosen, chosen_role, name.strip(), for_group=group, now=utc_now())
    if group:
        typer.echo(f"{chosen}: add the bot to the group and send there:  /bind {code}")
    else:
        typer.echo(
            f"{chosen}, {chosen_role}: send in a private chat with the bot, or on the page:  /join {code}"
        )
    typer.echo(f"The code works once, within {INVITE_LASTS.days} days. Hand it over in person.")


@members_app.callback(invoke_without_command=True)
def list_members(context: typer.Context, data: Data = None) -> None:
    """List the members, or take one off and on again."""
    if context.invoked_subcommand is None:
        from bot.cli.rosters import print_members

        with opened(data) as folder:
            print_members(folder, now=utc_now())


@members_app.command("off", epilog="Example: lianxin members off 3 --to 5")
def member_off(number: Id, to: To = None, data: Data = None) -> None:
    """Take a member off: no cards, no cases, no reading, from now on.

    Their open cases go to the member --to, as far as that one may decide on them, else to their offices.
    """
    from bot.cli.rosters import switch_member

    with opened(data) as folder:
        done = switch_member(folder, number, active=False, to=to, now=utc_now())
    typer.echo(f"Member {number} is off.")
    if done.given:
        typer.echo(f"{done.given} open cases of theirs went to member {to}.")
    if done.returned:
        typer.echo(f"{done.returned} open cases of theirs wait for a colleague again.")


@members_app.command("on", epilog="Example: lianxin members on 3")
def member_on(number: Id, data: Data = None) -> None:
    """Let a member who was taken off come back."""
    from bot.cli.rosters import switch_member

    with opened(data) as folder:
        switch_member(folder, number, active=True, now=utc_now())
    typer.echo(f"Member {number} is on.")


@groups_app.callback(invoke_without_command=True)
def list_groups(context: typer.Context, data: Data = None) -> None:
    """List the bound group chats, or unbind one."""
    if context.invoked_subcommand is None:
        from bot.cli.rosters import print_groups

        with opened(data) as folder:
            print_groups(folder)


@groups_app.command("off", epilog="Example: lianxin groups off 2")
def group_off(number: Id, data: Data = None) -> None:
    """Unbind a group chat: no more cards go there."""
    from bot.cli.rosters import unbind_group

    with opened(data) as folder:
        unbind_group(folder, number, now=utc_now())
    typer.echo(f"Group {number} gets no more cards. To bind it again: lianxin invite --group")
