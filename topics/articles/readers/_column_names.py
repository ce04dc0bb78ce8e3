"""What the columns of a table of articles are called, in English and elsewhere."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "doc_id": ("id", "doc_id", "docid", "article_id", "uuid", "guid", "_id", "document_id", "identifier"),
    "text": (
        "text", "body", "content", "article", "full_text", "fulltext", "article_text", "maintext", "articlebody",
        "article_body", "body_text", "bodytext", "content_text", "content_html", "article_content", "main_text",
    ),
    "title": ("title", "headline", "article_title", "heading", "webtitle"),
    "date": (
        "date", "published", "pubdate", "pub_date", "published_at", "publishedat", "published_date", "publish_date",
        "date_published", "datepublished", "date_publish", "publication_date", "datetime", "timestamp", "created_at",
        "published_on", "publishdate", "publicationdate", "date_time", "article_date", "createdat",
        "webpublicationdate",
    ),
    "source": (
        "source", "outlet", "domain", "publisher", "publication", "site", "sitename", "site_name", "source_name",
        "newspaper", "website",
    ),
    "lang": ("lang", "language", "language_code", "lang_code"),
    "author": ("author", "authors", "byline", "writer", "creator"),
    "url": ("url", "link", "source_url", "canonical_url", "article_url", "permalink", "weburl"),
}  # fmt: skip

# German to Icelandic; French to Romanian; Polish to Estonian; Russian to Serbian; Greek, Turkish, Azeri; Hebrew,
# Arabic, Persian; Hindi, Bengali, Thai, Vietnamese, Indonesian, Malay; Chinese, Japanese, Korean.
OTHER_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "doc_id": (
        "kennung", "artikel_id", "artikelnummer", "identifiant", "identificador", "identificativo",
        "identyfikator", "идентификатор", "ідентифікатор", "معرف", "شناسه", "编号",
        "編號", "文章编号", "番号", "記事id", "번호", "아이디",
    ),
    "text": (
        "texte", "texto", "testo", "tekst", "teksti", "texti", "szöveg", "tekstas", "teksts", "besedilo",
        "metin", "metn", "artikel", "artikeltext", "volltext", "inhalt", "haupttext", "beitrag", "inhoud",
        "artikeltekst", "innehåll", "brödtext", "indhold", "brødtekst", "innhold", "sisältö", "leipäteksti",
        "efni", "article_texte", "contenu", "corps", "contenido", "cuerpo", "noticia", "conteúdo", "corpo",
        "matéria", "notícia", "articolo", "contenuto", "artículo", "artigo", "contingut", "articol",
        "conținut", "conţinut", "treść", "artykuł", "obsah", "článek", "článok", "sadržaj", "članak",
        "vsebina", "članek", "tartalom", "cikk", "turinys", "straipsnis", "saturs", "raksts", "sisu",
        "artikkel", "текст", "содержание", "содержимое", "статья", "тело",
        "зміст", "вміст", "стаття", "тэкст", "змест", "съдържание",
        "статия", "садржај", "чланак", "κείμενο", "άρθρο", "περιεχόμενο",
        "içerik", "haber_metni", "makale", "mətn", "טקסט", "תוכן", "כתבה", "النص", "نص", "المحتوى", "محتوى",
        "المقال", "متن", "محتوا", "مضمون", "पाठ", "सामग्री", "लेख", "লেখা", "পাঠ্য", "বিষয়বস্তু", "ข้อความ",
        "เนื้อหา", "văn_bản", "nội_dung", "bài_viết", "teks", "isi", "konten", "isi_berita", "kandungan",
        "正文", "文本", "内容", "內容", "文章", "全文", "文章内容", "本文", "記事", "テキスト", "記事本文",
        "본문", "내용", "텍스트", "기사",
    ),
    "title": (
        "titel", "überschrift", "ueberschrift", "schlagzeile", "rubrik", "tittel", "overskrift", "otsikko",
        "titill", "fyrirsögn", "titre", "título", "titular", "titolo", "titol", "títol", "titlu", "manchete",
        "encabezado", "tytuł", "nagłówek", "titulek", "název", "nadpis", "názov", "naslov", "cím",
        "főcím", "antraštė", "pavadinimas", "virsraksts", "nosaukums", "pealkiri", "заголовок",
        "название", "назва", "загаловак", "заглавие", "наслов",
        "τίτλος", "başlık", "başlıq", "כותרת", "العنوان", "عنوان", "शीर्षक", "শিরোনাম", "ชื่อเรื่อง",
        "หัวข้อ", "พาดหัว", "tiêu_đề", "judul", "tajuk", "标题", "標題", "题目", "タイトル", "見出し", "題名",
        "제목",
    ),
    "date": (
        "datum", "erscheinungsdatum", "veröffentlicht", "veröffentlichungsdatum", "veröffentlicht_am", "dato",
        "dags", "dagsetning", "päivämäärä", "päiväys", "pvm", "publicatiedatum", "publiceringsdatum",
        "publicerad", "fecha", "fecha_publicación", "fecha_de_publicación", "publicado", "data_publicação",
        "data_de_publicação", "data_pubblicazione", "data_di_pubblicazione", "date_de_publication",
        "date_publication", "publié", "publié_le", "data_publicacji", "data_publikacji", "data_publicării",
        "dátum", "datum_vydání", "datum_objave", "dátum_megjelenés", "kuupäev", "datums", "дата",
        "дата_публикации", "опубликовано", "дата_публікації",
        "опубліковано", "датум", "ημερομηνία", "tarih", "yayın_tarihi", "tarix",
        "תאריך", "التاريخ", "تاريخ", "تاريخ_النشر", "تاریخ", "दिनांक", "तारीख", "तिथि", "তারিখ", "วันที่",
        "ngày", "ngày_đăng", "tanggal", "tarikh", "日期", "时间", "發布日期", "发布日期", "发布时间",
        "發布時間", "日付", "公開日", "掲載日", "날짜", "일자", "작성일", "게시일",
    ),
    "source": (
        "quelle", "zeitung", "bron", "krant", "källa", "kilde", "lähde", "fuente", "medio", "fonte", "veículo",
        "testata", "journal", "média", "sursă", "źródło", "gazeta", "zdroj", "izvor", "forrás", "šaltinis",
        "avots", "allikas", "источник", "издание", "сми", "джерело", "видання",
        "крыніца", "източник", "извор", "πηγή", "kaynak", "gazete", "mənbə", "מקור",
        "المصدر", "مصدر", "منبع", "स्रोत", "উৎস", "แหล่งที่มา", "nguồn", "sumber", "来源", "來源", "媒体",
        "媒體", "出典", "情報源", "ソース", "출처", "언론사", "매체",
    ),
    "lang": (
        "sprache", "taal", "språk", "sprog", "kieli", "langue", "idioma", "lingua", "língua", "llengua",
        "limbă", "język", "jazyk", "jezik", "nyelv", "kalba", "valoda", "keel", "язык", "мова",
        "език", "језик", "γλώσσα", "dil", "שפה", "اللغة", "لغة", "زبان", "भाषा", "ভাষা", "ภาษา",
        "ngôn_ngữ", "bahasa", "语言", "語言", "言語", "언어",
    ),
    "author": (
        "autor", "autorin", "verfasser", "auteur", "forfatter", "författare", "kirjoittaja", "tekijä",
        "höfundur", "autore", "autores", "autori", "autorzy", "szerző", "autorius", "autors", "автор",
        "аўтар", "аутор", "συγγραφέας", "yazar", "müəllif", "מחבר", "الكاتب", "المؤلف",
        "كاتب", "نویسنده", "लेखक", "লেখক", "ผู้เขียน", "tác_giả", "penulis", "作者", "著者", "記者", "记者",
        "저자", "기자", "작성자",
    ),
    "url": (
        "webadresse", "lien", "enlace", "collegamento", "odkaz", "adres_url", "ссылка",
        "посилання", "връзка", "σύνδεσμος", "bağlantı", "קישור", "الرابط", "رابط",
        "لینک", "लिंक", "ลิงก์", "liên_kết", "tautan", "链接", "鏈接", "連結", "网址", "リンク", "링크",
    ),
}  # fmt: skip


@functools.lru_cache(maxsize=1 << 15)
def folded(name: str) -> str:
    """The name of a column without case, marks over letters, and what parts its words.

    Parameters
    ----------
    name : str
        As it stands in the head.
    """
    decomposed = unicodedata.normalize("NFKD", name.strip().strip("\ufeff\"'").casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("ı", "i").replace("ł", "l")
    return re.sub(r"[\s\-./:]+", "_", plain.strip())


# Heads that stand beside "data" in languages in which it is a date.
WITH_DATA = frozenset(
    map(
        folded,
        (
            *(
                "tytuł",
                "treść",
                "tekst",
                "artykuł",
                "autor",
                "źródło",
                "nagłówek",
                "titolo",
                "testo",
                "autore",
                "fonte",
            ),
            *(
                "contenuto",
                "articolo",
                "título",
                "texto",
                "conteúdo",
                "títol",
                "contingut",
                "titlu",
                "articol",
                "corpo",
            ),
            *("notícia", "antraštė", "tekstas", "straipsnis", "turinys"),
        ),
    )
)
