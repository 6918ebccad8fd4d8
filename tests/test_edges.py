"""What is just outside a quote and turns it round is not left off silently."""

from datetime import UTC, datetime

from footnotary.extract import extract
from footnotary.match import find_quote, match_quote
from footnotary.match.edges import find_edge
from footnotary.match.matching import Outcome
from footnotary.models import Response
from tables import each_row

FILLER = "<p>" + "These words make the page long enough to be read. " * 8 + "</p>"


def page(markup):
    """Extract a page with some markup and enough other words."""
    return extract(
        Response(
            url="https://docs.example/page",
            final_url="https://docs.example/page",
            headers={"content-type": "text/html; charset=utf-8"},
            body=f"<!doctype html><body>{markup}{FILLER}".encode(),
            retrieved_at=datetime(2026, 11, 23, tzinfo=UTC),
        )
    )


CUT = [
    ("The pool is not [safe to share between processes].", "is not"),
    ("The pool cannot [be shared between two processes].", "cannot"),
    ("You should never [call this from a signal handler].", "should never"),
    ("It doesn\u2019t [close the connection by itself].", "doesn\u2019t"),
    ("This option is no longer [supported by the server].", "no longer"),
    ("This is not currently [supported by the server].", "is not"),
    ("It must not be [used in a production system].", "must not"),
    ("It starts without [restarting the whole server].", "without"),
    ("There is no [limit on open connections] here.", "no"),
    ("Neither of them [is read after the fork] and so on, nor [is it closed again].", None),
    ("Die Verbindung wird nicht [automatisch geschlossen].", "nicht"),
    ("Der Server [unterst\u00fctzt diese alte Option] nicht.", "nicht"),
    ("Es gibt keine [Grenze f\u00fcr offene Verbindungen].", "keine"),
    ("La connexion n\u2019est pas [ferm\u00e9e automatiquement].", "n\u2019est pas"),
    ("Le serveur [ne ferme cette connexion] jamais.", "jamais"),
    ("La conexi\u00f3n nunca [se cierra autom\u00e1ticamente].", "nunca"),
    ("La connessione non [viene chiusa automaticamente].", "non"),
    ("A liga\u00e7\u00e3o n\u00e3o [\u00e9 fechada automaticamente].", "n\u00e3o"),
    ("Servern [st\u00f6djer det gamla valet] inte.", "inte"),
    ("De server [ondersteunt deze oude optie] niet.", "niet"),
    ("[The records are deleted after a day] unless the flag is set.", "unless"),
    ("[The records are deleted after a day], except in the archive.", "except"),
    ("[The pool grows on demand] only if overflow is allowed.", "only if"),
    ("Unless the flag is set, [the records are deleted after a day].", "Unless"),
    ("[Die Daten werden gel\u00f6scht], es sei denn, die Option ist gesetzt.", "es sei denn"),
    ("[Les donn\u00e9es sont effac\u00e9es] sauf dans les archives.", "sauf"),
    ("Without a pool [every request opens a connection].", "Without"),
    ("Without a pool, [every request opens a connection].", "Without"),
    ("In the absence of a proxy, [the pool closes idle connections].", "In the absence of"),
    ("Ohne Pool [\u00f6ffnet jede Anfrage eine Verbindung].", "Ohne"),
    ("Sans pool, [chaque requ\u00eate ouvre une connexion].", "Sans"),
    ("Le serveur ne [ferme que les connexions inactives].", "ne"),
    ("Le serveur ne ferme plus [les connexions inactives].", "ne ferme plus"),
    ("Il pool non chiude pi\u00f9 [le connessioni inattive].", "non chiude pi\u00f9"),
    ("Weder [schlie\u00dft der Pool Verbindungen] noch meldet er Fehler.", "Weder"),
    ("It neither closes [idle connections nor reports any errors].", "neither"),
    ("Not all [connections are closed by the pool].", "Not"),
    ("It does not, by default, [close any idle connections].", "does not"),
    ("It does not (yet) [close any of the idle connections].", "does not"),
    ("Nobody [closes the connections of a pool by hand].", "Nobody"),
    ("By no means [is the pool closed at the end of it].", "By no means"),
    ("[Idle connections are closed] only rarely, and late.", "only rarely"),
    ("Der Pool schlie\u00dft selten [alle seine Verbindungen].", "selten"),
    (
        "\u670d\u52a1\u5668\u4e0d\u4f1a[\u5173\u95ed\u7a7a\u95f2\u8fde\u63a5\u548c\u4f1a\u8bdd\u4ee5\u53ca\u6240\u6709\u7f13\u5b58\u6570\u636e].",
        "\u4e0d\u4f1a",
    ),
    ("Avoid [closing the idle connections by hand].", "Avoid"),
    ("The pool keeps at least [10 connections open].", "at least"),
    ("The pool keeps no more than [10 connections open].", "no more than"),
    ("The pool is for Python <= [2.7 and for nothing else].", "<="),
    ("Der Pool h\u00e4lt h\u00f6chstens [10 Verbindungen offen].", "h\u00f6chstens"),
    ("The default of it is minus [10 degrees or so].", "minus"),
    ("[The pool keeps open 10] or more connections.", "or more"),
    ("[It runs on Python 3.11] and later versions.", "and later"),
    ("[The machine has memory of 8] GB in all.", "GB"),
    ("[The server is closed after 30] seconds.", "seconds"),
    ("[It has served a total of 12] thousand requests.", "thousand"),
    ("It has served 12 [thousand requests a day].", "12"),
    ("[The route is defined in src/shop]/api.py of the tree.", "/api.py"),
    ("[The limit is read from the pool].size setting.", ".size"),
    ("The limit is that of pool.[size in the settings file].", "pool."),
    ("[It is called through Session]::begin alone.", "::begin"),
    ("The client hardly ever [supports such retries at all].", "hardly ever"),
    ("Few [clients support retries on timeouts].", "Few"),
    ("[The limit of the pool is 5] to 10 rows.", "to 10"),
    ("[Die Grenze liegt bei 5] bis 10 Zeilen.", "bis 10"),
    ("Kaum ein [Client unterst\u00fctzt Wiederholungen].", "Kaum"),
    ("Weder Client noch [Server unterst\u00fctzen Wiederholungen].", "Weder Client noch"),
    ("[Der Client wiederholt es] nur, wenn der Pool leer ist.", "nur, wenn"),
]


@each_row(("text", "word"), [case for case in CUT if case[1]])
def test_a_quote_cut_from_what_turns_it_round_is_refused(text, word):
    """Negation, condition, bound, unit, multiplier and the rest of a name are named, and shown."""
    quote = text[text.index("[") + 1 : text.index("]")]
    plain = text.replace("[", "").replace("]", "")
    found = match_quote(quote, page(f"<p>{plain}</p>"))
    assert (found.outcome, found.reason) == (Outcome.NEAR, f'cut from "{word}"')
    assert word.casefold() in found.exact.casefold()
    assert quote in found.exact


@each_row(("text", "word"), [case for case in CUT if case[1]])
def test_the_wider_words_are_a_quote_of_their_own(text, word):
    """What a refusal offers instead is accepted: it holds what was cut off."""
    quote = text[text.index("[") + 1 : text.index("]")]
    read = page("<p>" + text.replace("[", "").replace("]", "") + "</p>")
    offered = match_quote(quote, read).exact
    assert match_quote(offered, read).found, word


@each_row(
    "text",
    [
        "It is not fast. [The pool keeps ten connections open].",
        "If not, [the server opens a connection itself].",
        "It is not only [fast but also safe to share].",
        "Whether or not [the server is running], the pool is kept.",
        "It is safe, not fast, and [the pool keeps ten connections].",
        "The pool does not close;\n[the server opens a connection itself].",
        "There is no pool: [the server opens a connection itself].",
        "[The pool keeps ten connections open]. Unless told so, it closes.",
        "[The pool keeps ten connections open]. Not all are used.",
        "[The pool keeps ten connections open], not twenty.",
        "[The server opens a connection] in 10 seconds.",
        "[It was written for Python 3.11] by a team of two.",
        "[The limit of the pool is 10], and it is kept.",
        "The machine has 8 GB and [10 connections are kept open].",
        "When the flag is set, [the records are deleted after a day].",
        "See section 4. [The limit is read from the pool].",
        "[The limit is read from the pool].Settings are in a file.",
        "Not found? [The server opens a connection itself].",
        "[Nothing is closed by the pool itself] in this mode.",
        "As of version 2 [the pool is closed by the server].",
    ],
)
def test_a_quote_that_loses_nothing_is_found(text):
    """Other sentences, clauses and lines beside a quote do not belong to it."""
    quote = text[text.index("[") + 1 : text.index("]")]
    plain = text.replace("[", "").replace("]", "").replace("\n", "</p><p>")
    assert match_quote(quote, page(f"<p>{plain}</p>")).found


# `@` is where the quote is.
DENIED = (
    "It is not true that @",
    "There is no guarantee that @",
    "Do not assume that @",
    "It is a myth that @",
    "Nobody should believe that @",
    "if you believe that @, you are wrong",
    "Don't expect that @",
    "Never assume @",
    "There is no evidence that @",
    "It was never the case that @",
    "It is a common misconception that @",
    "We cannot promise that @",
    "This does not mean that @",
    "It is unlikely that @",
    "He denied that @",
    "No one claims that @",
    "It would be wrong to say that @",
    "It is not the case, as some say, that @",
    "Suppose that @",
    "Whether you think that @ or not",
    "It is not guaranteed that in this mode @",
    "This doesn't imply @",
    "Es ist nicht wahr, dass @",
    "Es stimmt nicht, dass @",
    "Il n'est pas vrai que @",
    "No es cierto que @",
    "Non \xe8 vero che @",
    "Es ist ein Irrtum, dass @",
    "Het is niet waar dat @",
    "Some wrongly believe that @",
    "They falsely claim that @",
    "You must not rely on the fact that @",
    "It is impossible that @",
    "I doubt that @",
    "Few believe that @",
    "It is by no means certain that @",
    "Contrary to the claim that @, it is not",
    "It fails to ensure that @",
    "There's nothing to suggest that @",
    "You should not think @",
    "It is far from certain that @",
    "The server behaves as if @",
    "The idea that @ is false",
    "If anyone tells you that @, ignore it",
    "The myth that @ persists",
    "It used to be that @",
    "It would be nice if @",
    "I wish that @",
    "It isn't so that @",
    "Under no circumstances may it be said that @",
    "Without a guarantee that @",
    "We don't know whether @",
    "It is questionable whether @",
    "Gone are the days when @",
    "@ (except on Windows)",
    "@, except on Windows",
    "@ no longer",
    "@ \u2014 not!",
    "@? No.",
    "@: false",
    "@ unless it is closed",
    "@, unless it is closed",
    "@ (unless closed)",
    "@ - not!",
    "@, only if it is open",
    "@ (only if open)",
    "@? Wrong!",
    "@? Not at all.",
    "@ \u2014 except when it is closed",
    "@ is a myth",
    "@ is false",
    "@, which is not true",
    "@. This is not true.",
    "@. This is no longer the case.",
    "@. Not!",
    "@. Just kidding.",
    "@ = false",
    "@, but only on Linux",
    "@ with one exception",
    "@ other than on Linux",
    "@ only on Linux",
    "@; false.",
    '@" is wrong.',
    "@, you are wrong.",
    "@ apart from workers",
    "@ provided that it is open",
    "@... not!",
    "@ as long as it is open",
    "@, think again.",
    "@ (not really)",
    "@ (false)",
    "@ \u2026 NOT",
    "@ - wrong",
    "@ is not true",
    "@, they say, but it is false",
    "@ was never true",
    "@? Nope, it is not.",
    "@? That is a myth.",
    "@? Far from it.",
    "@ \u2014 this is wrong",
    "@ only when open",
    "@, sauf sous Windows",
    "@, au\xdfer unter Windows",
    "@ excepto en Windows",
    "@ (au\xdfer unter Windows)",
    "@ \u2014 or so they say",
    "@ if it is open",
    "@ if and only if it is open",
    "It has never been the case that @",
    "There's no proof that @",
    "There is little evidence that @",
    "You cannot assume that @",
    "You can't rely on the assumption that @",
    "We make no claim that @",
    "No guarantee is given that @",
    "It is wrong to think that @",
    "It would be a mistake to assume that @",
    "The belief that @ is a myth",
    "Many people mistakenly think that @",
    "It is often claimed, wrongly, that @",
    "It is not necessarily so that @",
    "Nothing suggests that @",
    "It isn't certain that @",
    "At no point may you assume @",
    "Don't be fooled into thinking @",
    "Do not make the mistake of assuming that @",
    "Do NOT assume that @",
    "It can no longer be said that @",
    "By no means should you conclude that @",
    "Neither document says that @",
    "This is not to say that @",
    "That doesn't mean @",
    "That does not imply that @",
    "It is hardly true that @",
    "It is simply false that @",
    "It is far from true that @",
    "Only a fool would believe that @",
    "Whoever says that @ is wrong",
    "Those who claim that @ are mistaken",
    "Were it true that @, it would be slow",
    "Let's pretend @",
    "Imagine @",
    "Unless @, it fails",
    "Provided that @, it works",
    "Assuming @, it works",
    "Except when @, it works",
    "As long as @, it works",
    "In case @, it fails",
    "Until @, it fails",
    "Even if @, it works",
    "We refuse to say that @",
    "The docs don't say that @",
    "It's untrue that @",
    "It's a lie that @",
    "Contrary to rumours that @, it is not",
    "He was wrong when he said that @",
    "It remains to be proven that @",
    "It has yet to be shown that @",
    "@ (not on Windows)",
    "@ (only on Linux)",
    "@, or not",
    "@ — no longer",
    "@, but this is wrong",
    "@. Wrong.",
    "@. False!",
    "@? Not so.",
    "@? Never!",
    "@?! No way.",
    "@: no",
    "@: not true",
    "@ -- not!",
    "@ ... not",
    "@ is not correct",
    "@ cannot be true",
    "@ is no longer the case",
    "@ was true until 3.0",
    "@ used to be true",
    "@, though not on Windows",
    "@, although not in threads",
    "@, just not on Windows",
    "@ except for threads",
    "@ with the exception of threads",
    "@ save for threads",
    "@ but not between threads",
    "@ only if it is open",
    "@ if, and only if, it is open",
    "@ when, and only when, it is open",
    "@ on condition that it is open",
    "@ in no case",
    "@ at no time",
    "@ under no circumstances",
    "@ - just kidding",
    "@, which is false",
    "@, which isn't true",
    "@, which is no longer true",
    "@ turned out to be false",
    "@ has been disproved",
    "@ proved wrong",
    "@ is wrong",
    "@ is a misconception",
    "False: @.",
    "Myth #2: @",
    "(Wrong) - @",
    "Don\u2019t: @",
    "Is it true that @?",
    "Q: @? A: No.",
    "Do you think @?",
)
AFFIRMED = (
    "There is no doubt that @.",
    "Do not forget that @.",
    "It is not only fast; note that @.",
    "It is not surprising that @.",
    "The manual says that @.",
    "It does not close by itself, and the manual says that @.",
    "Contrary to version 2, @.",
    "@. If it is open, it grows.",
    "True: @.",
    "Note: @.",
    "@. No other setting changes that.",
    "@ and never closed by it.",
    "@; the other one is not.",
    "@, not between threads.",
    "@ in all modes. That is a fact.",
    "@, which is a true gain.",
    "It is known that @",
    "It is true that @",
    "We say that @",
    "Note that @",
    "It means that @",
    "There is no doubt that @",
    "It is no secret that @",
    "It is not only fast: @",
    "Never forget that @",
    "It is clear that @",
    "It does not matter that @",
    "It turns out that @",
    "We now know that @",
    "It has been shown that @",
    "Since version 3, @",
    "When it is open, @",
    "In version 3, @",
    "As of 3.0 @",
    "Because it is fast, @",
    "He thinks that @",
    "It was not until 3.0 that @",
    "It is not by chance that @",
    "Do not be surprised that @",
    "Make sure that @",
    "It follows that @",
    "@ when it is open",
    "@ in version 3",
    "@ and it is fast",
    "@ because it is fast",
    "@, which is fast",
    "@, which is not slow",
    "@. It is not slow.",
    "@. No other is.",
    "@, not copied",
    "@. This is not new.",
    "@; it is never closed",
    "@ by default",
    "@, so it is fast",
    "@ (see below)",
    "@ (not shown here) and fast",
    "@: it is fast",
    "@ - it is fast",
    "@ as it is not copied",
    "@. If not, it fails",
    "@ without any lock",
    "@ with no lock",
    "@. True.",
    "@, as is right",
)


def test_a_clause_that_is_denied_is_no_statement():
    """What is denied, doubted, asked or conditional is refused; what is affirmed is found."""
    words = "the pool is shared between processes"
    for form in (*DENIED, *AFFIRMED):
        text = form.replace("@", words)
        start = text.index(words)
        found = find_edge(text, start, start + len(words))
        assert (found is None) == (form in AFFIRMED), form
        assert found is None or found.reason.startswith('cut from "')
        assert found is None or found.end - found.start > len(words), form


def test_one_whole_place_is_enough():
    """Words that stand cut in one place and whole in another are quoted from the whole one."""
    words = "safe to share between processes"
    read = page(f"<p>The old pool is not {words}.</p><p>The new pool: {words}.</p>")
    found = match_quote(words, read)
    assert found.found
    assert read.text[: found.start].endswith("The new pool: ")


def test_records_made_before_are_still_held_by_their_words():
    """Whether a source still has the words of a record is another question than whether to cite."""
    text = "The pool is not safe to share between processes."
    assert find_quote("safe to share between processes", text) is not None
    assert find_edge(text, text.index("safe"), len(text) - 1).reason == 'cut from "is not"'


def test_what_is_offered_ends_with_its_sentence():
    """A condition is offered whole, up to the end of its sentence or of its block."""
    words = "The records are deleted after a day"
    for rest in (" unless the flag is set", " unless the flag is set. Then not."):
        found = match_quote(words, page(f"<p>{words}{rest}</p>"))
        assert found.exact == f"{words}{rest.partition(' Then')[0]}"
