from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.embed import resolve
from topics.embed._model_languages import languages_of, unknown_languages_note

ENGLISH = frozenset({"en"})
MULTILINGUAL = "paraphrase-multilingual-MiniLM-L12-v2"
LARGER = "intfloat/multilingual-e5-small"


def card(folder: Path, front: str, body: str = "# Model\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(f"---\n{front}\n---\n{body}", encoding="utf-8")
    return folder


CARDS = [
    ("language: en", {"en"}),
    ("language: [en, de]", {"en", "de"}),
    ("language:\n- en\n- uk\nlicense: mit", {"en", "uk"}),
    ("license: mit\nlanguage:\n  - en\n  # and\n\n  - zh\ntags:\n- x", {"en", "zh"}),
    ("language: en, de", {"en", "de"}),
    # YAML takes Norway's code for false
    ("language: no", {"no"}),
    ("language:\n- en\n- no\n- 'no'", {"en", "no"}),
    # variants
    ("language: [nb, nn, fil, yue, bs]", {"no", "tl", "zh", "hr"}),
    ("language: [eng, deu, zho, cmn, iw]", {"en", "de", "zh", "he"}),
    ("language: [en-US, pt_BR, zh-Hant, EN]", {"en", "pt", "zh"}),
    ("language:\n- en\nlanguage_bcp47:\n- fr-ca\n- zh-cn\n- zh-tw", {"en", "fr", "zh"}),
    ("language: [en, code]", {"en"}),
    # a list is a list, "multilingual" beside it or not
    ("language: [multilingual, ar, zh, nl, en, fr]", {"ar", "zh", "nl", "en", "fr"}),
    ("language: [ar, zh, nl, en, fr]\ntags: [multilingual]", {"ar", "zh", "nl", "en", "fr"}),
]
NOT_TOLD = [
    "language: multilingual",
    "language: [multilingual, en]",
    "language: en\ntags:\n- mteb\n- multilingual",
    "language: English",
    "language: [en, German]",
    "language: {en: 1}",
    "language: [[en], [de]]",
    "language: [en, de",
    "language: &a [*a]",
    "language: !!python/object/apply:os.getcwd []",
    "language: 2024-99-99",
    "language: " + "[" * 2_000,
    "language: [" + "en, " * 9_000 + "de]",
    "language:",
    "language:en",
    "language: true",
    "languages: en",
    "  language: en",
    "\ttags",
    "",
]


@pytest.mark.parametrize(("front", "codes"), CARDS)
def test_the_card_tells_the_languages(tmp_path, front, codes):
    assert languages_of("owner/model", card(tmp_path, front)) == codes


@pytest.mark.parametrize("front", NOT_TOLD)
def test_a_card_that_does_not_tell_or_is_malformed_gives_none(tmp_path, front):
    assert languages_of("owner/model", card(tmp_path, front)) is None


@pytest.mark.parametrize("front", NOT_TOLD)
def test_a_family_answers_where_the_card_does_not(tmp_path, front):
    assert languages_of("intfloat/multilingual-e5-small", card(tmp_path, front)) >= {"en", "uk", "am"}
    assert languages_of("all-MiniLM-L6-v2", card(tmp_path, front)) == ENGLISH


def test_the_card_goes_before_the_family(tmp_path):
    assert languages_of("BAAI/bge-m3", card(tmp_path, "language: ru")) == {"ru"}


RAW = [b"", b"---", b"---\n", b"---\nlanguage: en\n", b"language: en", b"\xff\xfe\x00---\n", b"---\n\x00\n---\n", b"# \xf0\x28\n"]  # fmt: skip


@pytest.mark.parametrize("content", RAW)
def test_a_broken_readme_gives_none(tmp_path, content):
    (tmp_path / "README.md").write_bytes(content)
    assert languages_of("owner/model", tmp_path) is None


def test_line_ends_of_windows_and_a_byte_order_mark_do_no_harm(tmp_path):
    (tmp_path / "README.md").write_bytes(b"\xef\xbb\xbf---\r\nlanguage:\r\n- en\r\n- uk\r\n---  \r\n# Model\r\n")
    assert languages_of("owner/model", tmp_path) == {"en", "uk"}


def test_a_card_with_long_benchmark_results_is_read_and_an_endless_one_is_not(tmp_path):
    results = "model-index:\n- name: x\n  results:\n" + "  - task: {type: Clustering}\n    value: 1.5\n" * 20_000
    assert languages_of("owner/model", card(tmp_path, f"{results}language:\n- en")) == ENGLISH
    assert languages_of("owner/model", card(tmp_path, f"{results * 5}language:\n- en")) is None


def test_a_readme_that_is_no_file_gives_none(tmp_path):
    (tmp_path / "README.md").mkdir()
    assert languages_of("owner/model", tmp_path) is None
    assert languages_of("owner/model", tmp_path / "nowhere") is None
    pipe = tmp_path / "pipe"
    pipe.mkdir()
    os.mkfifo(pipe / "README.md")
    assert languages_of("owner/model", pipe) is None


@given(front=st.text(alphabet=st.sampled_from("langue:-[]{}&*!|>'\"#%@,? \n\tnodeyb~=<.0x"), max_size=60))
def test_no_card_raises(tmp_path_factory, front):
    folder = card(tmp_path_factory.getbasetemp() / "any", f"language: {front}\nbase_model: {front}")
    found = languages_of("owner/model", folder)
    assert found is None or all(2 <= len(code) <= 3 for code in found)


FAMILIES = [
    ("all-MiniLM-L12-v2", 1, {"en"}, {"de"}),
    ("sentence-transformers/all-mpnet-base-v2", 1, {"en"}, {"de"}),
    ("BAAI/bge-small-en-v1.5", 1, {"en"}, {"zh"}),
    ("BAAI/bge-large-zh", 1, {"zh"}, {"en"}),
    ("thenlper/gte-base", 1, {"en"}, {"zh"}),
    ("intfloat/e5-base-v2", 1, {"en"}, {"de"}),
    ("nomic-ai/nomic-embed-text-v1.5", 1, {"en"}, {"de"}),
    ("Snowflake/snowflake-arctic-embed-m", 1, {"en"}, {"de"}),
    ("paraphrase-multilingual-MiniLM-L12-v2", 50, {"en", "uk", "zh", "no"}, {"am", "sw"}),
    ("paraphrase-multilingual-mpnet-base-v2", 50, {"en", "uk"}, {"am"}),
    ("distiluse-base-multilingual-cased-v2", 50, {"en", "uk"}, {"am"}),
    ("distiluse-base-multilingual-cased-v1", 13, {"en", "ru", "zh"}, {"uk", "ja"}),
    ("intfloat/multilingual-e5-large-instruct", 92, {"en", "uk", "am"}, {"zu", "mt"}),
    ("BAAI/bge-m3", 92, {"en", "uk", "am"}, {"zu"}),
    ("sentence-transformers/LaBSE", 108, {"en", "uk", "mt", "zu"}, {"br"}),
    ("Alibaba-NLP/gte-multilingual-base", 75, {"en", "uk", "so"}, {"am"}),
    ("Snowflake/snowflake-arctic-embed-l-v2.0", 75, {"en", "uk"}, {"am"}),
    ("nomic-ai/nomic-embed-text-v2-moe", 99, {"en", "uk", "am"}, {"br"}),
    ("Qwen/Qwen3-Embedding-0.6B", 107, {"en", "uk", "mt"}, {"am", "mn"}),
]


@pytest.mark.parametrize(("model", "n", "known", "unknown"), FAMILIES)
def test_well_known_families_are_known_by_name(tmp_path, model, n, known, unknown):
    found = languages_of(model, tmp_path)
    assert found >= known
    assert not found & unknown
    assert len(found) == n


# Among them names that hold a family's letters, models that were made from one, and cards with "100+ languages".
UNKNOWN_MODELS = [
    "owner/model",
    "owner/all-MiniLM-L6-v2-ukrainian",
    "owner/bge-base-en-uk",
    "cointegrated/LaBSE-en-ru",
    "google/embeddinggemma-300m",
    "BAAI/bge-multilingual-gemma2",
    "/models/multilingual-e5-small/ours",
]


@pytest.mark.parametrize("model", UNKNOWN_MODELS)
def test_nothing_is_claimed_of_other_models(tmp_path, model):
    assert languages_of(model, tmp_path) is None


def test_what_a_model_was_made_from_tells_that_it_knows_much_never_that_it_knows_english_alone(tmp_path):
    assert "uk" in languages_of("owner/ours", card(tmp_path / "a", "base_model: intfloat/multilingual-e5-small"))
    assert (
        languages_of("owner/ours", card(tmp_path / "b", "base_model: sentence-transformers/all-MiniLM-L6-v2")) is None
    )
    title = "SentenceTransformer based on sentence-transformers/all-MiniLM-L6-v2"
    made = card(tmp_path / "c", f"model-index:\n- name: {title}\n  results: []", f"# {title}\n")
    assert languages_of("owner/ours", made) is None


def test_a_renamed_folder_is_known_by_its_cards_title(tmp_path):
    assert (
        languages_of("./ours", card(tmp_path, "license: mit", "\n# sentence-transformers/all-MiniLM-L6-v2\n"))
        == ENGLISH
    )


def test_the_offline_package_is_english():
    assert languages_of("all-MiniLM-L6-v2", resolve("all-MiniLM-L6-v2")) == ENGLISH


def say(languages, known=ENGLISH, *, n_docs=None, model="all-MiniLM-L6-v2"):
    return unknown_languages_note(languages, known, n_docs=n_docs or sum(languages.values()), model=model)


def test_the_sentence_says_how_many_and_which_model_knows_them():
    assert say({"en": 170, "uk": 25, "de": 12}, n_docs=210) == (
        "37 of 210 documents are in languages that all-MiniLM-L6-v2 does not know (uk 25, de 12): their vectors say "
        f'little; embed.model = "{MULTILINGUAL}" knows them'
    )


def test_one_language_and_one_document_are_spoken_of_in_the_singular():
    assert say({"en": 9, "uk": 1}) == (
        "1 of 10 documents is in a language that all-MiniLM-L6-v2 does not know (uk 1): its vector says little; "
        f'embed.model = "{MULTILINGUAL}" knows it'
    )
    assert "5 of 20 documents are in a language" in say({"en": 15, "uk": 5})


def test_the_smallest_that_knows_all_is_suggested_then_one_that_knows_more_then_none():
    assert f'embed.model = "{MULTILINGUAL}" knows them' in say({"en": 50, "uk": 25, "ja": 25})
    assert f'embed.model = "{LARGER}" knows them' in say({"en": 50, "uk": 25, "am": 25})
    assert say({"en": 50, "uk": 25, "zu": 25, "mt": 9}).endswith(
        f"{MULTILINGUAL} and {LARGER} do not know mt, zu either"
    )


def test_a_suggestion_knows_the_other_languages_of_the_corpus_too_or_says_what_would_be_lost():
    assert f'embed.model = "{LARGER}" knows it' in say({"am": 50, "uk": 50}, frozenset({"am"}), model="am-only")
    assert say({"zu": 50, "uk": 50}, frozenset({"zu"})).endswith(f'embed.model = "{MULTILINGUAL}" knows it, but not zu')


def test_the_model_in_use_is_not_suggested():
    said = say({"en": 50, "uk": 50}, model=f"sentence-transformers/{MULTILINGUAL}")
    assert f'embed.model = "{LARGER}" knows it' in said
    assert say({"en": 50, "zu": 50}, model=LARGER).endswith(f"{MULTILINGUAL} does not know zu either")


@pytest.mark.parametrize("languages", [{}, {"en": 10}, {"en": 9, "zxx": 9, "und": 3}])
def test_nothing_is_said_where_all_is_known(languages):
    assert say(languages, n_docs=30) is None


def test_nothing_is_said_where_it_is_not_told():
    assert say({"uk": 10}, None) is None


VARIANTS = [("nn", "nb"), ("no", "nb"), ("nb", "no"), ("zh", "zh-cn"), ("yue", "zh"), ("arz", "ar"), ("tl", "fil"), ("bs", "hr"), ("pcm", "en"), ("he", "iw"), ("zho", "zh")]  # fmt: skip


@pytest.mark.parametrize(("detected", "known"), VARIANTS)
def test_variants_of_a_known_language_are_known(detected, known):
    assert say({detected: 10}, frozenset({known})) is None


def test_variants_are_counted_together_under_the_code_that_is_most_frequent():
    assert "15 of 50 documents" in (said := say({"en": 35, "nn": 8, "no": 7}))
    assert "(nn 15)" in said


# corpus, documents in another language, whether it is spoken of
FEW = [
    (1, 1, True),
    (10, 1, True),
    (11, 1, False),
    (15, 2, True),
    (200, 2, True),
    (210, 2, False),
    (210, 3, True),
    (400, 4, True),
    (1_000, 5, True),
    (2_000, 5, False),
    (2_000, 6, True),
    (100_000, 299, False),
    (100_000, 300, True),
]


@pytest.mark.parametrize(("n_docs", "n", "spoken_of"), FEW)
def test_so_few_documents_that_they_may_be_errors_are_passed_over(n_docs, n, spoken_of):
    assert (say({"en": n_docs - n, "uk": n}, n_docs=n_docs) is not None) == spoken_of


def test_errors_of_the_detector_are_neither_counted_nor_asked_of_the_suggestion():
    said = say({"en": 900, "uk": 90, "zu": 1, "ext": 2})
    assert said.startswith("90 of 993 documents are in a language")
    assert said.endswith(f'embed.model = "{MULTILINGUAL}" knows it')


def test_of_many_languages_the_most_frequent_are_named():
    languages = {code: 50 - i for i, code in enumerate(["uk", "de", "fr", "es", "it", "pl", "cs", "ru", "ja", "ko"])}
    assert "(uk 50, de 49, fr 48, es 47, it 46, pl 45, cs 44, ru 43, 2 more)" in say(languages)


counts = st.dictionaries(
    st.sampled_from(["en", "uk", "de", "no", "nn", "zh", "yue", "am", "zu", "ext", "zxx"]), st.integers(1, 10_000)
)


@given(languages=counts, extra=st.integers(0, 1_000))
def test_the_number_said_is_of_documents_in_languages_that_are_not_known(languages, extra):
    said = unknown_languages_note(languages, ENGLISH, n_docs=sum(languages.values()) + extra, model="m")
    others = sum(n for code, n in languages.items() if code not in ("en", "zxx"))
    if said is not None:
        assert 0 < int(said.split()[0]) <= others
    else:
        assert others <= 0.5 * (sum(languages.values()) + extra)
