"""How users sign in."""

from pydantic import BaseModel, Field

from bankimport.settings.types import OidcProviders


class SignInSettings(BaseModel):
    """How users sign in."""

    password_memory_mib: int = Field(
        64,
        ge=1,
        le=4096,
        validation_alias="BANKIMPORT_PASSWORD_MEMORY_MIB",
        description="mebibytes that hashing a password takes (Argon2id); more makes a stolen hash harder to guess",
        examples=["64"],
    )
    oidc_providers: OidcProviders | None = Field(
        None,
        validation_alias="BANKIMPORT_OIDC_PROVIDERS",
        description="OpenID Connect providers at which users can sign in: a JSON list; public clients have no secret, "
        "and second_factor says whether users who have one here need it: ask, unless_used_there or never",
        examples=[
            '[{"name":"work","label":"Work","issuer":"https://login.example.org","client_id":"bankimport",'
            '"client_secret":"…","second_factor":"ask"}]'
        ],
    )
    oidc_link_by_email: bool = Field(
        False,
        validation_alias="BANKIMPORT_OIDC_LINK_BY_EMAIL",
        description="whether an account at a provider signs in the user with its checked address without being linked",
        examples=["true"],
    )
    oidc_sign_up: bool = Field(
        False,
        validation_alias="BANKIMPORT_OIDC_SIGN_UP",
        description="whether an account at a provider whose checked address no user has becomes a new member",
        examples=["true"],
    )
