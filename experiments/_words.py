"""Words that should not be among the terms of a topic, and those that should be although lists call them stop words."""

from __future__ import annotations

from importlib.util import find_spec

_BOILERPLATE = """
subscribe subscribed subscriber subscribers subscription newsletter newsletters inbox cookie cookies share shares shared
sharing copyright reserved advertisement advertisements advertising ad ads sponsored click email e-mail login log-in
logged sign signup unsubscribe comment comments reply follow follows facebook twitter instagram whatsapp pinterest
telegram linkedin browser javascript playback loading credit caption photo image getty read continued reading min
minutes related recommended trending feed menu search home skip toggle updated download app widget embed
"""
BOILERPLATE = frozenset(_BOILERPLATE.split())
PHRASES = ("story continued", "continue reading", "read more", "sign up", "all rights", "privacy policy", "min read")
# On a list of English stop words, and what articles are about.
_SUBJECTS = """
abroad act adopted ai area areas auth beings bill biol buy caption case cases change changes computer copy course cry
date edu energy field fields film fire fix free game games general goods gov group grouped grouping groups home
information int interest interests invention join keys kid kids line man member members men microsoft mil mill mine mug
net netscape order ordered ordering orders page pages pro research right ring room rooms round section shed shell sides
sincere site sites state states sub system test tests text value web website wells width work worked working works
world young younger youngest
"""
SUBJECTS = frozenset(_SUBJECTS.split())


def is_boilerplate(term: str) -> bool:
    """Whether a term is a word of the page around an article, or made of such words alone."""
    return term in PHRASES or set(term.split()) <= BOILERPLATE


def stop_words(languages: list[str]) -> set[str]:
    """Those of gensim's list, which the toolkit does not use; for Ukrainian, Russian and German of stopwordsiso's."""
    from stopwordsiso import stopwords

    words: set[str] = set()
    if "en" in languages and find_spec("gensim"):
        from gensim.parsing.preprocessing import STOPWORDS

        words |= STOPWORDS
    return words.union(*(stopwords(language) for language in languages if language in ("uk", "ru", "de")))


def repeated(terms: list[str], language: str) -> list[str]:
    """Pairs of terms where all words of the shorter one are, by lemma, among those of the longer."""
    from simplemma import lemmatize

    lemmas = [{lemmatize(word, lang=language).lower() for word in term.split(" ")} for term in terms]
    pairs = [(i, j) for i in range(len(terms)) for j in range(i) if lemmas[i] <= lemmas[j] or lemmas[j] <= lemmas[i]]
    return [f"{terms[j]} / {terms[i]}" for i, j in pairs]
