"""Users over HTTP, for administrators."""

from fastapi import APIRouter

from bankimport.auth import Administrator
from bankimport.db.request import SessionDep
from bankimport.ids import Id
from bankimport.settings import get_settings
from bankimport.users import manage, service
from bankimport.users.schemas import InvitedUser, ManagedUser, ManagedUserList, UserChange, UserInvite

router = APIRouter(prefix="/api/users", tags=["users"])


@router.get("")
def list_users(session: SessionDep, _admin: Administrator) -> ManagedUserList:
    """All users of this installation."""
    return ManagedUserList(users=manage.users_read(session))


@router.post("", status_code=201)
def invite_user(invite: UserInvite, session: SessionDep, _admin: Administrator) -> InvitedUser:
    """Create a user, who signs in by the link of the answer and then sets a password."""
    user = service.create_user(session, invite.email, None, invite.role)
    token = service.create_login_link_token(session, user.id)
    link = f"{get_settings().browser_url}/api/auth/link?token={token}"
    return InvitedUser(**ManagedUser.model_validate(user).model_dump(), sign_in_link=link)


@router.patch("/{user_id}")
def change_user(user_id: Id, change: UserChange, session: SessionDep, admin: Administrator) -> ManagedUser:
    """Change a user's role, or disable or enable them."""
    user = manage.user_of_id(session, user_id)
    if change.role is not None:
        manage.set_role(session, user, change.role, by=admin.id)
    if change.is_disabled is not None:
        manage.set_disabled(session, user, change.is_disabled, by=admin.id)
    return ManagedUser.model_validate(user)
