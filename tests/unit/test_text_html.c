/* HTML mails as text: what Outlook, Gmail, iPhones and newsletters write. */
#include "text_util.h"
#include "text/html.h"

static void ck_html(const char *html, const char *want)
{
	struct sb out = SB_INIT;
	text_from_html(html, strlen(html), &out);
	ck_text(&out);
	ck_assert_str_eq(out.s, want);
	sb_free(&out);
}

START_TEST(test_paragraphs)
{
	ck_html("<p>一つ目</p><p>二つ目</p>", "一つ目\n\n二つ目\n");
	ck_html("<p>一つ目<p>二つ目", "一つ目\n\n二つ目\n");
	ck_html("a<br>b<br/>c</br>d", "a\nb\nc\nd\n");
	ck_html("a<br><br>b", "a\n\nb\n");
	ck_html("<div>a</div><div><br></div><div>b</div>", "a\n\nb\n");
	ck_html("<div><div><div>a</div></div></div>b", "a\nb\n");
	ck_html("<h1>見出し</h1>本文", "見出し\n\n本文\n");
	ck_html("", "");
	ck_html("  \n ", "");
	ck_html("a<hr>b", "a\n----------------------------------------\nb\n");
	ck_html("a<br><br><br><br><br><br>b", "a\n\n\nb\n");
}
END_TEST

START_TEST(test_outlook)
{
	ck_html("<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><meta charset=utf-8>"
	        "<style><!-- p.MsoNormal {margin:0} --></style><!--[if gte mso 9]><xml><o:x/></xml><![endif]--></head>"
	        "<body lang=JA><div class=WordSection1><p class=MsoNormal><span lang=EN-US>ABC</span>株式会社<o:p></o:p></p>"
	        "<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>"
	        "<p class=MsoNormal>お世話になっ\r\nております。</p></div></body></html>",
	        "ABC株式会社\n\nお世話になっております。\n");
}
END_TEST

START_TEST(test_white_space)
{
	ck_html("日本語の\n   行末で<b>折り</b>\n返す", "日本語の行末で折り返す\n");
	ck_html("two\n words", "two words\n");
	ck_html("日本 語", "日本 語\n");
	ck_html("a &amp; b&nbsp;&nbsp;c&lt;d&gt;&quot;&#x3042;&#12356;&hearts;", "a & b  c<d>\"あい♥\n");
	ck_html("a <b> b </b> c", "a b c\n");
	ck_html("1 < 2 > 0 & x", "1 < 2 > 0 & x\n");
	ck_html("<pre>\n int  a;\n\n   b;</pre>x", " int  a;\n\n   b;\nx\n");
	ck_html("soft\xC2\xADhy\xE2\x80\x8Bphen", "softhyphen\n");
}
END_TEST

START_TEST(test_lists)
{
	ck_html("<ul><li>一つ目<li>二つ目</ul>次", "・一つ目\n・二つ目\n次\n");
	ck_html("<ol start=3><li>c</li><li><p>d</p></li></ol>", "3. c\n4. d\n");
	ck_html("<ul><li>a<ul><li>b</li></ul></li><li>c</ul>", "・a\n  ・b\n・c\n");
	ck_html("<ul><li>a<br>b</ul>", "・a\n  b\n");
}
END_TEST

START_TEST(test_tables)
{
	ck_html("<table border=1><tr><th>品名</th><th>数量</th><th>備考</th></tr><tr><td>りんご</td><td></td><td>至急</td></tr></table>",
	        "品名 | 数量 | 備考\nりんご |  | 至急\n");
	ck_html("<table border=1><tr><td><p class=MsoNormal>a</p></td><td><p class=MsoNormal>b</p></td></tr></table>", "a | b\n");
	/* layout */
	ck_html("<table><tr><td><table><tr><td>見出し</td></tr></table></td></tr><tr><td><div>本文</div><div>続き</div></td></tr></table>",
	        "見出し\n本文\n続き\n");
	ck_html("<table><tr><td></td><td>x</td><td>&nbsp;</td></tr></table>y", "x |\ny\n");
}
END_TEST

START_TEST(test_quotes)
{
	ck_html("了解です。<div class=gmail_quote>11月24日 山田:<br><blockquote><div>元の<blockquote>その前</blockquote></div>後</blockquote></div>以上",
	        "了解です。\n11月24日 山田:\n> 元の\n> > その前\n> 後\n以上\n");
	ck_html("<blockquote type=\"cite\"><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n");
}
END_TEST

START_TEST(test_links)
{
	ck_html("<a href=\"https://example.com/x?a=1&amp;b=2\">こちら</a>から", "こちら <https://example.com/x?a=1&b=2>から\n");
	ck_html("<a href=\"https://example.com/\">https://example.com</a>", "https://example.com\n");
	ck_html("<a href=\"https://example.com/\">example.com</a>", "example.com\n");
	ck_html("<a href=\"mailto:a@example.jp\">a@example.jp</a>", "a@example.jp\n");
	ck_html("<a href=\"https://evil.example/\">https://bank.example/</a>", "https://bank.example/ <https://evil.example/>\n");
	ck_html("<a href=\"#top\">上へ</a> <a name=x>y</a> <a href=\"javascript:x()\">z</a>", "上へ y z\n");
	ck_html("<a href=\"http://x.example/\"><img src=a alt=\"ロゴ\"></a>", "[ロゴ] <http://x.example/>\n");
	ck_html("<a href=\"http://x.example/\"><img src=a></a>", "<http://x.example/>\n");
	ck_html("<a href=\" http://x.example/a\n b \">t</a>", "t <http://x.example/a%20b>\n");
	ck_html("<a href=\"http://a.example/\">a<a href=\"http://b.example/\">b</a>", "a <http://a.example/>b <http://b.example/>\n");
}
END_TEST

START_TEST(test_hidden)
{
	ck_html("<div style=\"display: NONE\">隠し</div>見える", "見える\n");
	ck_html("<span style='visibility:hidden'>x</span>y<p hidden>z</p>", "y\n");
	ck_html("<div style=\"max-height:0px;overflow:hidden\">x</div>y", "y\n");
	ck_html("<div style=\"font-size:0px\"><div style=\"font-size:14px\">MJML</div></div>", "MJML\n");
	ck_html("<div style=\"display:none\">それしかない</div>", "それしかない\n");
	ck_html("a<script>x<b></script>b<style>y</style>c<title>t</title>d<!-- <p>no</p> -->e", "abcde\n");
	ck_html("<noscript>n</noscript><iframe>i</iframe>", "n\n");
}
END_TEST

/* Letters without size are strewn into words that filters look for. */
START_TEST(test_filler)
{
	ck_html("銀<span style=\"font-size:0\">xq</span>行<font style='color:#fff; FONT-SIZE : 0px !important'>zz</font>から", "銀行から\n");
	ck_html("<p style=\"font-size:0\">a<b>b<i>c</i></b></p><p>d</p>", "d\n");
	ck_html("<p style=\"font-size:0.0em\">a<b style=\"font-size:200%\">b</b><b style=\"font-size:2em\">c</b></p>d", "d\n");
	ck_html("<p style=\"font-size:0\">a<b style=\"font-size:1rem\">b</b><font size=3>c</font><i class=x>d</i></p>", "bcd\n");
	ck_html("<div style=\"font-size:0\">a<table><tr><td>b</td></tr></table></div>", "b\n");
	ck_html("<p style=\"font-size:0.9em\">a</p><p style=\"font-size:0;font-size:12px\">b</p><p style=\"font:0 x\">c</p>", "a\n\nb\n\nc\n");
	ck_html("<div style=\"opacity:0\">a<b style=\"opacity:1\">b</b></div><div style=\"opacity:0.9\">c</div>", "c\n");
	ck_html("<div style=\"height:0;overflow:hidden\">a</div><div style=\"line-height:0;overflow:hidden\">b</div><div style=\"height:0\">c</div>",
	        "b\nc\n");
	ck_html("<div style=\"height:0;padding-bottom:56%;overflow:hidden\">film</div>", "film\n");
	ck_html("<div style=\"font-size:0\">それしかない</div>", "それしかない\n");
	ck_html("<table style=\"font-size:0\">x<tr><td>y<p style=\"font-size:9pt\">z</table>", "z\n");
}
END_TEST

START_TEST(test_kept_white_space)
{
	ck_html("<div style=\"white-space:pre-wrap\">一行目\r\n  二行目\n\n四<b>行</b>目\n</div>次", "一行目\n  二行目\n\n四行目\n次\n");
	ck_html("<p class=x style=\"white-space: pre-line\">  a\n   b  c\n</p>d", "a\nb c\n\nd\n");
	ck_html("<div style=\"white-space:pre\">a\nb<p style=\"white-space:normal\">c\nd</p></div>e\nf", "a\nb\n\nc d\n\ne f\n");
	ck_html("<div style=\"white-space:nowrap\">a\nb</div>", "a b\n");
	ck_html("<pre style=\"white-space:pre-wrap\">\na\n\n  b<span style=\"white-space:pre\">\nc</span></pre>", "a\n\n  b\nc\n");
	ck_html("<table style=\"white-space:pre-wrap\">\n<tr>\n<td>a\nb</td>\n<td>c</td></tr></table>", "a\nb | c\n");
}
END_TEST

START_TEST(test_struck_out)
{
	ck_html("<s>1,000円</s> <b>800円</b>", "［取り消し線：1,000円］ 800円\n");
	ck_html("<del>a<strike>b</strike></del><s></s>c", "［取り消し線：ab］c\n");
	ck_html("x<span style=\"text-decoration: line-through\"> y </span>z", "x ［取り消し線：y］z\n");
	ck_html("<s><p>a</p></s>b", "［取り消し線：a］\n\nb\n");
}
END_TEST

START_TEST(test_broken)
{
	ck_html("a<", "a<\n");
	ck_html("a<b", "a<b\n");
	ck_html("a<a href=\"x", "a<a href=\"x\n");
	ck_html("a<!-- cut", "a\n");
	ck_html("a<!--> b <!-- x --> c", "a b c\n");
	ck_html("</p></div></table>x", "x\n");
	ck_html("<b><i>x</b></i>y", "xy\n");
	ck_html("<table>x<tr>y<td>z", "xy\nz\n");
	ck_html("<svg><script>q</script><p>a</svg>b", "ab\n");
	ck_html("x\xFFy\xE3\x81", "x\xEF\xBF\xBDy\xEF\xBF\xBD\n");
	ck_html("&#0;&#x1b;&#xD800;&#x110000;", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n");
}
END_TEST

START_TEST(test_escape)
{
	struct sb out = SB_INIT;
	text_html_escape(BYTES("<a b=\"c\" d='e'> & あ\n"), &out);
	ck_assert_str_eq(out.s, "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt; &amp; あ\n");
	sb_free(&out);
}
END_TEST

/* Its only mark of a quote is a line above it. */
START_TEST(test_outlook_quote)
{
	ck_html("<div>回答です。<div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt\"><p class=MsoNormal>From: a</p></div></div>引用</div>",
	        "回答です。\n----------------------------------------\nFrom: a\n引用\n");
	ck_html("<div style=\"border-top:solid\">x</div>", "x\n");
}
END_TEST

/* A text longer than anybody reads is cut at a character, and says so. */
START_TEST(test_cut_off)
{
	struct sb in = SB_INIT, out = SB_INIT;
	sb_adds(&in, "<div>x");
	repeat(&in, "日", 5 << 20);
	text_from_html(in.s, in.len, &out);
	ck_text(&out);
	ck_assert_uint_lt(out.len, (4 << 20) + 200);
	ck_assert_ptr_null(strstr(out.s, "\xEF\xBF\xBD"));
	ck_assert_ptr_nonnull(strstr(out.s, "以下省略"));
	sb_reset(&in);
	sb_reset(&out);
	repeat(&in, "日", 3 << 20);
	text_from_html(in.s, in.len, &out);
	ck_assert_uint_ge(out.len, in.len);
	ck_assert_ptr_null(strstr(out.s, "以下省略"));
	sb_free(&in);
	sb_free(&out);
}
END_TEST

/* An address that is cut is no address to ask anyone about. */
START_TEST(test_long_link)
{
	struct sb in = SB_INIT, out = SB_INIT;
	sb_adds(&in, "<a href=\"https://evil.example/");
	repeat(&in, "a", 5000);
	sb_adds(&in, "\">x</a>");
	text_from_html(in.s, in.len, &out);
	ck_assert_ptr_nonnull(strstr(out.s, "aaa…>\n"));
	sb_free(&in);
	sb_free(&out);
}
END_TEST

static void in_time(const char *const *units, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sb in = SB_INIT, out = SB_INIT;
		repeat(&in, units[i], TEN_MB);
		IN_TIME(text_from_html(in.s, in.len, &out));
		ck_text(&out);
		ck_assert_uint_lt(out.len, 600u << 20);
		sb_free(&in);
		sb_free(&out);
	}
}

START_TEST(test_hostile)
{
	static const char *const units[] = {
		"<div>", "<b>", "<table><tr><td>", "<a href=x>", "<p><b><i><u>", "<p>x", "<ul><li>", "<blockquote>", "<!--", "<",
		"<a b=\"", "</p>", "&", "&amp", "<style>", "<select><option>", "<svg><math>", "<font color=1><p>", "<br>", "<pre>\n",
		"<td>", "<li>", "<div hidden>", "<title>", "<a href=\"x\">y</a> ", "<![CDATA[", "<blockquote>x<br>", "日本\n",
		"<img alt='x'>", "<frameset>", "<template>", "<nobr>x", "&nbsp;", "<table>", "<tr>", "</br>", "<p style=\"margin:0",
		"<p style=", "<p style=\"d i s p l a y\">",
	};
	in_time(units, sizeof units / sizeof *units);
}
END_TEST

START_TEST(test_hostile_styles)
{
	static const char *const units[] = {
		"<s>x", "<s>x</s>", "<b style=font-size:0>x",
		"<i style=white-space:pre>\n", "<i style=\"white-space:pre\">\nx\n</i>", "<p style=\";;;:;a:;height:0;;\">",
	};
	in_time(units, sizeof units / sizeof *units);
}
END_TEST

/* Blanks in a value are skipped once, not from each of them. */
START_TEST(test_blank_values)
{
	static const char *const names[] = { "style", "class" };
	for (size_t i = 0; i < 2; i++) {
		struct sb one = SB_INIT, in = SB_INIT, out = SB_INIT;
		sb_addf(&one, "<p %s=\"", names[i]);
		repeat(&one, i ? "\t" : " ", 4096);
		sb_adds(&one, "\">x");
		repeat(&in, one.s, TEN_MB);
		IN_TIME(text_from_html(in.s, in.len, &out));
		ck_text(&out);
		sb_free(&one);
		sb_free(&in);
		sb_free(&out);
	}
}
END_TEST

UNIT_SUITE("text_html", test_paragraphs, test_outlook, test_white_space, test_lists, test_tables, test_quotes,
           test_links, test_hidden, test_filler, test_kept_white_space, test_struck_out, test_broken, test_escape, test_outlook_quote, test_cut_off, test_long_link,
           test_hostile, test_hostile_styles, test_blank_values)
