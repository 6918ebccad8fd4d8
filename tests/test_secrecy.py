"""What is a secret, by name and by form, and what is not."""

import itertools
import os
import threading

import pytest

from footnotary.errors import UsageError
from footnotary.facts.api import ApiFacts, Endpoint, ModelField, Operation
from footnotary.facts.schema import CheckConstraint, Column, Drift, Table
from footnotary.facts.stored import without_secrets_in
from footnotary.probe.openapi import api_facts
from footnotary.probe.placeholders import given_settings, secret_values
from footnotary.secrecy import prose, texts
from footnotary.secrecy.credentials import Secrecy, secrecy_of, speaks_of_a_secret
from footnotary.secrecy.texts import without_credentials
from footnotary.secrecy.values import shown_value, without_secret_literals
from tables import each_row

S = "S3cr3tV4lue"

# ruff: noqa: E501, SIM905  tables of names and texts

SECRET_NAMES = """
password DB_PASSWORD userPassword passwords password2 password_old password_confirmation
password_hash smtppass db_pass pass secret client_secret secret_b64 secret_of_the_app
aws_secret_access_key secretKeyBase token access_token accesstoken refreshToken sign_in_token
token_string csrf_token apiKey APIKey X-API-Key apikeys private_key ssh_key ENCRYPTION_KEY jwt
credentials credentials_json Authorization salt pin pin_code verification_code seed_phrase
""".split()
OPEN_NAMES = """
token_type token_url tokenUrl token_expiry_minutes password_min_length password_policy
passwordHashAlgorithm secret_name secret_backend api_key_header api_key_name grant_type auth_scheme
authorization_url author authority salt_rounds private_key_path cookie_name cookie_domain
jwt_algorithm max_tokens page_token next_page_token sort_key primary_key public_key cache_key
Idempotency-Key country_code promo_code content_hash is_secret has_password use_token
require_password min_length_for_password compass passenger passage secretary tokenizer monkey
turkey boarding_pass bypass access_key_id credential_provider pinned keyboard database_url
""".split()


@each_row("name", SECRET_NAMES)
def test_a_name_whose_head_is_a_secret_is_one(name):
    """The head noun decides, whatever the spelling and whatever tells its copies apart."""
    assert secrecy_of(name) is Secrecy.SECRET
    assert speaks_of_a_secret(name)


@each_row("name", OPEN_NAMES)
def test_a_name_about_a_secret_is_none(name):
    """A length, a type, a place of a secret is no secret; nor is a word that begins like one."""
    assert secrecy_of(name) is Secrecy.OPEN
    assert not speaks_of_a_secret(name)


@each_row(
    ("name", "value"),
    [
        ("token_type", "bearer"), ("token_url", "/login"), ("password_min_length", 8),
        ("secret_name", "shop/prod/db"), ("api_key_header", "X-API-Key"),
        ("grant_type", "password"), ("auth_scheme", "Bearer"), ("jwt_algorithm", "HS256"),
        ("cookie_name", "sid"), ("session_cookie", "sid"), ("password_hasher", "argon2"),
        ("private_key_path", "/etc/keys/app.pem"), ("sort_key", "created_at"), ("key", "name"),
        ("token_location", "header"), ("authorization_url", "https://id.example.org/authorize"),
        ("database_url", "sqlite:///./app.db"), ("dsn", "postgresql://localhost/shop"),
        ("max_tokens", 4096), ("tokens", 4096), ("salt_rounds", 12), ("password", ""),
        ("password", None), ("token", "<token>"), ("secret", "${SECRET}"), ("password", "string"),
        ("pad_token", "<pad>"), ("next_page_token", "CAEQAA"), ("access_key_id", "main"),
        ("csrf_cookie_samesite", "lax"), ("secret_backend", "vault"), ("auth", "none"),
        ("id", "3fa85f64-5717-4562-b3fc-2c963f66afa6"), ("email", "ann@example.org"),
        ("digest", "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
        ("promo_code", "SUMMER25"), ("commit", "18f89b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60"),
        ("image", "repo/app:1.2"), ("home", "https://example.org/@ann/posts"),
        ("color", "#ff8800"), ("authority", "https://login.example.org/common"),
        ("token_prefix", "Token "), ("password_policy", "at least 8 characters"),
    ],
)  # fmt: skip
def test_harmless_values_are_shown(name, value):
    """What is no secret by its name and has no form of one is as it is."""
    assert shown_value(value, name) == value


def test_a_plain_member_of_an_enumeration_is_shown():
    """What the document lists as possible values anyway is no secret, if it is a plain word."""
    assert shown_value("refresh", "token", choices=["access", "refresh"]) == "refresh"
    assert shown_value(S, "token", choices=[S]) == "***"


@each_row(
    ("name", "value"),
    [
        ("password", "swordfish"), ("api_key", S), ("token", "changethis"), ("pin", 4711),
        ("key", "a1b2c3d4e5f6"), ("session_id", "9f8e7d6c5b4a"), ("stripe_key", "x" * 30),
        ("credentials", {"user": "ann", "word": S}), ("tokens", [S, "x"]), ("basic_auth", "a:b1@c"),
        ("anything", {"deep": [{"client_secret": S}]}), ("anything", f"redis://:{S}@cache"),
    ],
)  # fmt: skip
def test_values_of_secrets_are_hidden(name, value):
    """A string under a secret's name is not shown, however deep, nor a PIN; objects keep form."""
    found = shown_value(value, name)
    assert found != value
    assert S not in str(found)
    assert "swordfish" not in str(found)


MASKED = [
    f"postgresql://shop:{S}@db:5432/shop", f"postgresql+asyncpg://shop:{S}@db/shop",
    f"Use postgresql+psycopg2://u:{S}@h/db to connect.", f"`mysql://u:{S}@h`",
    f"oracle+cx_oracle://scott:{S}@host:1521/xe", f"mssql+pyodbc://sa:{S}@dsn?driver=ODBC",
    f"mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BODBC%7D%3BUID%3Dsa%3BPWD%3D{S}%3B",
    f"redis://:{S}@cache:6379/0", f"amqp://guest:{S}@mq//", f"mongodb+srv://u:{S}@c.example/db",
    f"https://{S}@o1.ingest.example/1", f"http://u:{S}@example.org/x?a=b",
    f"postgresql%3A%2F%2Fshop%3A{S}%40db%2Fshop", f"the dsn\n  postgresql://shop:\n    {S}@db/shop",
    f"postgresql://u:p@{S}/x@host/db", f"postgresql://u:a#{S}@host/db", f"wss://u:{S}@h/ws",
    f"postgresql://u:p%40{S}@host/db", f"postgresql://host/db?user=u&password={S}",
    f"jdbc:postgresql://h/db?user=u&password={S}", f"host=localhost user=u password={S} dbname=x",
    f"Server=x;Database=y;User Id=sa;Password={S};", f"snowflake://u:{S}@acct/db",
    f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={S}==;EndpointSuffix=x",
    f"sqlite+pysqlcipher://:{S}@/file.db", f"shop:{S}@db.internal:5432/shop",
    f"Authorization: Bearer {S}", f"-H 'Authorization: Basic {S}=='", f"Bearer {S}abc",
    f"curl -u admin:{S} https://x.example", f"X-API-Key: {S}", f"Cookie: session={S}; a=b",
    f"password = '{S}'", f'password: str = "{S}"', f'{{"password": "{S}", "token_type": "bearer"}}',
    f'{{\\"api_key\\": \\"{S}\\"}}', f"API_KEY={S}", f"export SECRET_KEY='{S}'",
    f"os.environ['API_TOKEN'] = '{S}'", f"os.getenv('API_TOKEN', '{S}')", f"--password {S}",
    f"--token={S}", f'deploy --api-key "{S}"', f"The default password is {S}.",
    f"The password is `{S}`", f"<password>{S}</password>", f"client_secret={S}&x=1",
    f"?access_token={S}", f"password: {S}", f"- token: {S}\n- x: y", f"login(password='{S}')",
    f'api_key=SecretStr("{S}")', f"-----BEGIN RSA PRIVATE KEY-----\nMIIE{S}\n-----END RSA PRIVATE KEY-----",
    f"-----BEGIN PRIVATE KEY-----\\nMIIE{S}\\n", f"eyJhbGciOiJIUzI1NiJ9.eyJ{S}abc.sig{S}",
    f"ghp_{S}0123456789abcdefghij", f"sk_live_{S}0123456789", f"xoxb-1234-{S}", f"glpat-{S}0123456789",
    f"AIzaSy{S}abcdefghijklmnopqrstuv", f"https://hooks.slack.com/services/T0/B0/{S}",
    f"$2b$12${S}abcdefghijklmnop", f"https://b.example/x?X-Amz-Security-Token={S}",
    f"git clone https://x-access-token:{S}@github.com/o/r", f"postgres://u:hun'{S}@h/x",
    f"proxy http://user:{S}@proxy:3128", f"PGPASSWORD={S} psql", f"db_password => '{S}'",
]  # fmt: skip


@each_row("text", MASKED)
def test_credentials_in_a_text_are_left_out(text):
    """By their form, or by the name they stand with: in prose, code, JSON, shells, queries."""
    found = without_credentials(text)
    assert S not in found
    assert "***" in found
    assert without_credentials(found) == found


@each_row(
    "text",
    [
        "Bearer token authentication", "The token is valid for 3600s", "token: Bearer",
        "password: The password to use.", "https://example.org/@user/post", "Basic Authentication",
        "https://github.com/actions/checkout@v4", "git@github.com:org/repo.git",
        "ssh://git@github.com/org/repo", "git+https://github.com/org/repo@v1.2", "a key-value store",
        "docker://image@sha256:abcdef0123456789", "mailto:ann@example.org", "Contact:ann@example.org",
        "http://localhost:8000/@me", "postgresql://localhost/shop", "sqlite:///./app.db",
        "postgresql://${DB_USER}:${DB_PASSWORD}@db/app", "https://<token>@host.example/x",
        "postgresql://{user}:{password}@host/db", "password: string", "password=password",
        "token=<token>", "?token=$TOKEN", "api_key=API_KEY", "secret=settings.secret_key",
        "token = get_token()", "Authorization: Bearer <token>", "the Authorization header",
        "The password is base64-encoded", "grant_type=password", "token_type=bearer",
        "max_tokens=4096", 'fields: ["password", "token"]', "sort_key=name", "tokens: 4096",
        "password (str): The user's password.", "Set the `password` field.", "secret: true",
        "3fa85f64-5717-4562-b3fc-2c963f66afa6", "image: repo/app:1.2@sha256:0123", "pip:pkg@1.0",
        "Authorization: required", "AKIAIOSFODNN7EXAMPLE", "scikit sk-learn", "token: str = None",
        "-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----", "password: SecretStr",
        "password: str = Field(..., min_length=8)", "raise if token is None", "http://[::1]:8080/x@y",
        "CHECK (length(password) > 8)", "if password == other_password:", "password != confirmation",
        "Passwords: see the manual at https://example.org/pw.", 'token_url="/login"',
        "Use `Authorization: Bearer $TOKEN`.", "password: Optional[str] = None",
    ],
)  # fmt: skip
def test_words_about_credentials_stay(text):
    """Documentation speaks of passwords and tokens all the time."""
    assert without_credentials(text) == text


def test_known_values_are_left_out_wherever_they_stand():
    """What the project's own settings say is secret is one in any text, as a whole word."""
    text = "so correct-horse is it, correct-horses not"
    assert without_credentials(text, ["correct-horse"]) == "so *** is it, correct-horses not"


@each_row(
    ("sql", "shown"),
    [
        (f"\tpassword VARCHAR(80) DEFAULT '{S}' NOT NULL, \n\tname VARCHAR DEFAULT 'ann'",
         "\tpassword VARCHAR(80) DEFAULT '***' NOT NULL, \n\tname VARCHAR DEFAULT 'ann'"),
        (f"token <> '{S}' AND kind = 'x'", "token <> '***' AND kind = 'x'"),
        ("token_type IN ('bearer', 'mac')", "token_type IN ('bearer', 'mac')"),
        ("password VARCHAR(80) COMMENT 'hashed by bcrypt'", "password VARCHAR(80) COMMENT 'hashed by bcrypt'"),
        (f"secret = 'it''s {S}'", "secret = '***'"),
        (f"((api_key)::text <> '{S}'::text)", "((api_key)::text <> '***'::text)"),
    ],
)  # fmt: skip
def test_literals_of_sql_are_judged_by_the_names_on_their_line(sql, shown):
    """A default or a check of a secret column holds no value; what is said of others stays."""
    assert without_secret_literals(sql) == shown


def test_facts_of_any_kind_are_masked_as_a_whole():
    """Defaults by their column's name, texts by their form, however deep; the rest is the same."""
    column = Column(name="api_token", type="TEXT", default=f"'{S}'", comment=f"Token={S}")
    kind = Column(name="token_type", type="TEXT", default="'bearer'", server_default="'mac'")
    table = Table(
        name="t", columns=(column, kind), ddl=f"\tapi_token TEXT DEFAULT '{S}'",
        checks=(CheckConstraint(expression=f"api_token <> '{S}'"),),
        doc=f"See postgresql://u:{S}@h/d.",
    )  # fmt: skip
    found = without_secrets_in(table)
    assert S not in found.model_dump_json()
    assert found.columns[1] == kind
    assert found.columns[0].default == "'***'"
    drift = Drift(
        table="t", what="differs", detail=f"column api_key: default '{S}' in the database"
    )
    assert S not in without_secrets_in(drift).detail
    facts = ApiFacts(
        operations=(Operation(method="GET", path="/x", description=f"Send token={S}."),),
        mounts=(Endpoint(path="/y", what="z"),),
        tags={"a": f"Authorization: Bearer {S}"},
    )
    assert S not in without_secrets_in(facts).model_dump_json()
    clean = ModelField(name="token_type", type="string", default='"bearer"')
    assert without_secrets_in(clean) is clean


def test_a_document_is_masked_before_it_is_cut():
    """A long default is shortened for its table cell: its password is gone by then."""
    long = f"postgresql://{'u' * 40}:{S * 10}@db/x"
    document = {
        "openapi": "3.1.0",
        "paths": {
            "/x": {
                "get": {
                    "parameters": [
                        {"name": "source", "in": "query", "schema": {"default": long}},
                        {"name": "token_type", "in": "query", "schema": {"default": "bearer"}},
                    ],
                    "responses": {
                        "default": {"description": "Any.", "headers": {"X-Token": {"example": S}}}
                    },
                }
            }
        },
        "components": {
            "schemas": {
                "default": {"properties": {"password": {"type": "string", "enum": ["a", S]}}},
                "M": {
                    "properties": {
                        "kept": {"format": "password", "default": S, "title": "Kept"},
                        "x": {"type": "string", "x-internal": {"token": S}},
                    }
                },
            }
        },
    }
    facts = api_facts(document)
    assert S not in str(facts.document) + facts.model_dump_json()
    assert facts.operations[0].parameters[1].default == '"bearer"'
    assert facts.operations[0].responses[0].description == "Any."
    assert facts.models[0].fields[0].type == '"a" | "***"'
    assert facts.document["components"]["schemas"]["M"]["properties"]["kept"]["title"] == "Kept"


def test_secrets_of_the_settings_are_known_by_name_and_in_urls(tmp_path):
    """`.env` says what is secret; samples, short values and plain words are none."""
    (tmp_path / ".env").write_text(
        f"API_TOKEN={S}\nDATABASE_URL=postgresql://u:p%40ssw0rd@h/d\nPASSWORD=postgres\n"
        "PIN_CODE=1234\nNAME=not-a-secret\n"
    )
    (tmp_path / ".env.example").write_text("SECRET_KEY=changethis1\n")
    assert secret_values(tmp_path) == {S, "p%40ssw0rd", "p@ssw0rd"}


def test_secrets_are_known_however_the_settings_are_had(tmp_path):
    """A pipe is read once and known twice; size and encoding of a file of the project hide none."""
    pipe = tmp_path / "given"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_text, args=(f"API_TOKEN={S}\n",), daemon=True).start()
    assert given_settings(pipe) == {"API_TOKEN": S}
    assert secret_values(tmp_path, pipe) == {S}
    (tmp_path / ".env").write_bytes(b"#\xff\n" * 400_000 + f"PASSWORD={S}-2\n".encode())
    assert secret_values(tmp_path) == {f"{S}-2"}
    with pytest.raises(UsageError, match="cannot be read"):
        secret_values(tmp_path, tmp_path / "missing")


GIVEN = {
    'The password => "correct horse battery"': "The password => …",
    'api_key="two words here" and more': "api_key=… and more",
    "token='a b' rest": "token=… rest",
    "my-secret: `x y z`": "my-secret: …",
    "password is sunshine": "password is …",
    "token=>sunshine now": "token=>… now",
    "x_key=sunshine, y": "x_key=…, y",
    "credentials -> sunshine\nand so on": "credentials -> …\nand so on",
    "token:token:sunshine": "token:…",
    "the token == other": "the token == other",
    "The passwords are kept": "The passwords are kept",
    "a token: str": "a token: str",
    'secret = "un\nclosed"': 'secret = "un\nclosed"',
}


def test_what_prose_gives_a_word_of_secrecy_is_left_out():
    """Quoted, assigned, or at the end of its line; a type, a comparison and a sentence stay."""
    assert {text: prose.display_prose(text) for text in GIVEN} == GIVEN


PLANTED = "Zk9wQ3vTq8"  # in the place of every secret below


@each_row(
    "text",
    [
        f"curl -H 'X-Api-Key: {PLANTED}' http://x/",
        f'curl -H "X-Auth-Token: {PLANTED}" -d 1 http://x/',
        f"`X-Api-Key: {PLANTED}` as a header, then more",
        f"http POST http://x X-Api-Key:{PLANTED}",
        f"https://a.example/x?sv=1&sig={PLANTED}",
        "https://a.example/x?sig=8f14e45fceea167a5a36dedd4bea2543",
        f'requests.get(url, auth=("root", "{PLANTED}"))',
        f"x_api_key: defaults to `{PLANTED}`",
        f"user `admin` and password `{PLANTED}`",
        f"root / password {PLANTED}",
        f"use the token {PLANTED} for tests",
        f"//u:{PLANTED}@nas/share",
        f"pgp_sym_encrypt('a', '{PLANTED}')",
        f"hmac(body, '{PLANTED}', 'sha256')",
    ],
)
def test_samples_of_people_hold_no_secret(text):
    """In a header, a pair, a query, a call of SQL, a sentence."""
    shown = without_credentials(text)
    assert "***" in shown
    assert PLANTED not in shown
    assert "8f14e45f" not in shown


@each_row(
    "text",
    [
        "The `token: str` of a user",
        "token `access_token` is sent",
        "The password UserPassword2 field",
        "an auth token OAuth2PasswordBearer reads",
        "X-Request-Id:abcdef12345, Cache-Control:max-age=31536000",
        "`Content-Type: application/json1`",
        "the password hash Argon2id is used",
        "The key `Idempotency-Key: 8f14e45f`",
        "- 'app-secrets:/etc/app/secrets1'",
        "user-auth --from-file=PLAN-of-2025-08-08.md",
        "auth=('user', 'pass')",
    ],
)
def test_what_only_speaks_of_secrets_is_shown(text):
    """Names, types, headers of other kinds, paths and options."""
    assert without_credentials(text) == text


def test_no_secret_is_behind_what_is_passed_over_quickly(monkeypatch):
    """A text that is passed over by its names alone is one in which no pattern finds a value."""
    names = ("token", "api key", "x.db-password", "user_pass", "a--secret", "%3Bpin", "key.of.id",
             "access code", "the_hash", "title", "ns:token", "--token", "'X-Api-Key", "MY_PIN",
             "a" * 79 + ".token", "password-", "auth")  # fmt: skip
    between = (": ", "=", "%3D", " ", " is ", '": "', "`: `", "->", "', '", " := '", ":", ">", "\n")
    values = ("hunter2hunter2", "Zx81kQ7p0aLm", "'correct horse'", "word", "deadbeefdeadbeef01")
    given = [f"so {name}{middle}{value} and {value}'\n"
             for name, middle, value in itertools.product(names, between, values)]  # fmt: skip
    quick = [*map(texts.without_assigned, given)]
    monkeypatch.setattr(texts, "_may_be_assigned", lambda *_: True)
    assert quick == [*map(texts.without_assigned, given)]
    assert sum(map(str.__ne__, quick, given)) > 100
