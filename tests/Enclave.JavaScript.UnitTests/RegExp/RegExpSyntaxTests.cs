using Enclave.JavaScript.RegExp;

namespace Enclave.JavaScript.Tests.RegExp;

public sealed class RegExpSyntaxTests
{
    // Terms, assertions and quantifiers.
    [InlineData("", "")]
    [InlineData("a|b||", "")]
    [InlineData("^a$|\\bb\\B", "u")]
    [InlineData("a*b+c?d*?e+?f??", "v")]
    [InlineData("a{1}b{1,}c{1,2}d{0,0}?e{1,}?", "u")]
    [InlineData("a{00000000000000000000000000002,3}", "u")]
    [InlineData("a{99999999999999999999,99999999999999999999}", "")]
    // Groups.
    [InlineData("(a)(?:b)(?=c)(?!d)(?<=e)(?<!f)", "u")]
    [InlineData("(?i:a)(?-i:b)(?ims:c)(?im-s:d)(?i-:e)", "u")]
    [InlineData("(?<a>x)\\k<a>", "")]
    [InlineData("\\k<a>(?<a>x)", "u")]
    [InlineData("(?<$>)(?<_𝒜\u200D9>)(?<\\u0061>)(?<\\u{62}>)(?<\\ud835\\udc9e>)", "")]
    [InlineData("(?<a>x)|(?<a>y)", "")]
    [InlineData("(?:(?<a>x)|(?<a>y))\\k<a>", "v")]
    [InlineData("(?<a>x)(?<b>)|(?:(?<b>z)|w)(?<a>y)", "")]
    // Escapes.
    [InlineData("\\d\\D\\s\\S\\w\\W\\f\\n\\r\\t\\v\\0\\cA\\cz\\x41\\u0041\\u{10FFFF}\\ud83d\\ude00", "u")]
    [InlineData("\\^\\$\\\\\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\/", "u")]
    [InlineData("(a)\\1", "u")]
    [InlineData("\\2(a)(b)", "u")]
    [InlineData("\\p{L}\\P{Lu}\\p{gc=Lu}\\p{Script=Greek}\\p{scx=Grek}\\p{ASCII}\\p{space}", "u")]
    [InlineData("\\p{RGI_Emoji}", "v")]
    // Classes.
    [InlineData("[]", "")]
    [InlineData("[^]", "u")]
    [InlineData("[a-z-][-a][a-][--a][\\b\\-\\d\\]]", "u")]
    [InlineData("[😀-😂]", "u")]
    [InlineData("[\\ud83d\\ude00-\\u{1F602}]", "u")]
    // Classes of flag v.
    [InlineData("[[a-z]--[aeiou]--x][\\w&&\\d&&[0-5]][a-c\\d[x]]", "v")]
    [InlineData("[\\q{}\\q{abc|d}][^\\q{a|b}][^\\q{ab}&&[a-z]][^[a-z]--\\q{ab}]", "v")]
    [InlineData("[\\p{RGI_Emoji}--\\q{😀}]", "v")]
    [InlineData("[a\\&\\-\\!\\#\\%\\,\\:\\;\\<\\=\\>\\@\\`\\~\\b]", "v")]
    [InlineData("[&!#%,:;<=>@`~^$*+.?]", "v")]
    [Theory]
    public void Patterns_of_the_main_grammar_are_valid(string pattern, string flags) => Assert.Null(RegExpSyntax.Check(pattern, flags));

    [InlineData("(?=a)*(?!b){2}")]
    [InlineData("a{|{|}|]|{a}|{,2}|x{1|x{1,")]
    [InlineData("\\1\\9(a)\\10\\8\\377\\400\\08")]
    [InlineData("\\a\\-\\_\\é\\😀\\x\\x4\\u\\u004\\u{41}\\p{Nope}\\P")]
    [InlineData("\\c\\c1\\c_[\\c][\\c1\\c_]")]
    [InlineData("\\k\\k<\\k<a>\\k<9>")]
    [InlineData("[\\k]")]
    [InlineData("[\\d-z][a-\\w][\\1-\\7][\\B]")]
    [Theory]
    public void Annex_B_gives_a_meaning_to_more(string pattern)
    {
        Assert.Null(RegExpSyntax.Check(pattern, ""));
        Assert.NotNull(RegExpSyntax.Check(pattern, "u"));
        Assert.NotNull(RegExpSyntax.Check(pattern, "v"));
    }

    [InlineData("*", "", 0, "nothing before '*'")]
    [InlineData("a**", "", 2, "nothing before '*'")]
    [InlineData("^*", "", 1, "nothing before '*'")]
    [InlineData("\\b+", "", 2, "nothing before '+'")]
    [InlineData("(?<=a)?", "", 6, "nothing before '?'")]
    [InlineData("(?=a)*", "u", 5, "nothing before '*'")]
    [InlineData("a|{1,2}", "", 2, "nothing before '{1,2}'")]
    [InlineData("a{2,1}", "", 1, "out of order")]
    [InlineData("a{99999999999999999999,99999999999999999998}", "", 1, "out of order")]
    [InlineData("a{1", "u", 1, "incomplete")]
    [InlineData("{", "u", 0, "'{' stands alone")]
    [InlineData("a]", "u", 1, "']' stands alone")]
    [InlineData("}", "v", 0, "with flag v write '\\}'")]
    [InlineData("(a", "", 0, "')' is missing")]
    [InlineData("((a)", "", 0, "')' is missing")]
    [InlineData("a)", "", 1, "')' closes no group")]
    [InlineData("(?", "", 0, "kind is missing")]
    [InlineData("(?a)", "", 0, "after '(?' came 'a'")]
    [InlineData("(?P<a>b)", "", 0, "after '(?' came 'P'")]
    [InlineData("(?ii:a)", "", 3, "'i' is given twice")]
    [InlineData("(?i-i:a)", "", 4, "'i' is given twice")]
    [InlineData("(?-:a)", "", 2, "changes no flag")]
    [InlineData("(?ig:a)", "", 3, "only i, m and s")]
    [InlineData("(?i-m-s:a)", "", 5, "only i, m and s")]
    [InlineData("(?i", "", 0, "':' is missing")]
    [InlineData("(?<>a)", "", 3, "name is empty")]
    [InlineData("(?<a", "", 3, "'>' is missing")]
    [InlineData("(?<9>a)", "", 3, "begin with '9'")]
    [InlineData("(?<a->a)", "", 4, "contain '-'")]
    [InlineData("(?<a\\u{20}>a)", "", 4, "contain U+0020")]
    [InlineData("(?<a\\x61>a)", "", 4, "as escapes")]
    [InlineData("(?<\\u{110000}>a)", "", 3, "as escapes")]
    [InlineData("(?<a>x)(?<a>y)", "", 10, "'a' is taken")]
    [InlineData("(?<a>x)(?<\\u0061>y)", "", 10, "'a' is taken")]
    [InlineData("(?:(?<a>x)|y)(?<a>z)", "", 16, "'a' is taken")]
    [InlineData("(?:(?<a>x)|(?:y|(?<a>z)))(?<a>)", "", 28, "'a' is taken")]
    [InlineData("(?<a>x(?:b|(?<a>y)))", "", 14, "'a' is taken")]
    [InlineData("(?<a>x)\\k", "", 7, "there stood the pattern's end")]
    [InlineData("\\k<a>", "u", 0, "names a group that does not exist")]
    [InlineData("\\k<b>\\k<c>(?<a>x)", "", 0, "names a group that does not exist")]
    [InlineData("[\\k](?<a>x)", "", 1, "cannot stand in a class")]
    [InlineData("\\", "", 0, "what it escapes is missing")]
    [InlineData("(a)\\2", "u", 3, "there is no group 2: the pattern has 1")]
    [InlineData("\\99999999999999999999", "v", 0, "there is no group 2147483647")]
    [InlineData("\\00", "u", 0, "octal")]
    [InlineData("[\\1]", "u", 1, "octal")]
    [InlineData("\\x4", "u", 0, "two hexadecimal digits")]
    [InlineData("\\u{110000}", "u", 0, "up to {10FFFF}")]
    [InlineData("\\u{}", "u", 0, "up to {10FFFF}")]
    [InlineData("\\c1", "u", 0, "there stood '1'")]
    [InlineData("\\a", "u", 0, "before 'a' has no meaning")]
    [InlineData("\\-", "u", 0, "before '-' has no meaning")]
    [InlineData("\\p", "u", 0, "in braces is missing")]
    [InlineData("\\p{L", "u", 0, "'}' is missing")]
    [InlineData("\\p{ L}", "u", 3, "cannot contain ' '")]
    [InlineData("\\p{lu}", "u", 0, "no Unicode property 'lu'")]
    [InlineData("\\p{Script}", "u", 0, "no Unicode property 'Script'")]
    [InlineData("\\p{ASCII=Y}", "u", 0, "'ASCII' that takes a value")]
    [InlineData("\\p{sc=L}", "u", 0, "'sc' has no value 'L'")]
    [InlineData("\\p{RGI_Emoji}", "u", 0, "needs flag v")]
    [InlineData("\\P{RGI_Emoji}", "v", 0, "cannot be negated")]
    [InlineData("[a", "", 0, "']' is missing")]
    [InlineData("[a-", "u", 0, "']' is missing")]
    [InlineData("[z-a]", "", 1, "'z-a' is out of order")]
    [InlineData("[\\c-a]", "", 2, "'c-a' is out of order")]
    [InlineData("[😀-😀]", "", 2, "out of order")]
    [InlineData("[\\d-z]", "u", 1, "one side stands for many")]
    [InlineData("[a", "v", 0, "']' is missing")]
    [InlineData("[a--b", "v", 0, "']' is missing")]
    [InlineData("[a-]", "v", 3, "must be written '\\]'")]
    [InlineData("[(]", "v", 1, "must be written '\\('")]
    [InlineData("[z-a]", "v", 1, "out of order")]
    [InlineData("[\\d-z]", "v", 3, "must be written '\\-'")]
    [InlineData("[a!!]", "v", 2, "'!!' is reserved")]
    [InlineData("[^^^]", "v", 2, "'^^' is reserved")]
    [InlineData("[a-z--b]", "v", 4, "one operand on each side")]
    [InlineData("[ab&&c]", "v", 3, "one operand on each side")]
    [InlineData("[a--b&&c]", "v", 5, "expected '--' or ']'")]
    [InlineData("[a&&&]", "v", 4, "another '&'")]
    [InlineData("[\\q{a]", "v", 5, "must be written '\\]'")]
    [InlineData("[\\q{a", "v", 1, "\\q{ is not closed")]
    [InlineData("[\\q]", "v", 1, "before 'q' has no meaning")]
    [InlineData("[^\\q{ab}]", "v", 0, "negated class cannot have strings")]
    [InlineData("[^\\q{}]", "v", 0, "negated class cannot have strings")]
    [InlineData("[^[\\p{RGI_Emoji}a]]", "v", 0, "negated class cannot have strings")]
    [InlineData("[^\\q{ab}&&\\p{RGI_Emoji}]", "v", 0, "negated class cannot have strings")]
    [InlineData("[^\\q{ab}--[a-z]]", "v", 0, "negated class cannot have strings")]
    [Theory]
    public void Faults_name_their_place_and_what_stood_there(string pattern, string flags, int offset, string says)
    {
        RegExpFault fault = Assert.NotNull(RegExpSyntax.Check(pattern, flags));

        Assert.Equal(RegExpPart.Pattern, fault.Part);
        Assert.StartsWith("Invalid regular expression: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.Equal(offset, fault.Offset);
    }

    // Attributes cannot hold lone surrogates.
    [Fact]
    public void Lone_surrogates_are_characters_like_others()
    {
        Assert.Null(RegExpSyntax.Check("\ud83d*[\udfff]|\ude00", "u"));
        Assert.Null(RegExpSyntax.Check("[\ud83d\ude00-\udfff]", ""));
        Assert.Contains("out of order", RegExpSyntax.Check("[\ud83d\ude00-\udfff]", "u")?.Message, StringComparison.Ordinal);
        Assert.Contains("contain U+D835", RegExpSyntax.Check("(?<a\ud835>a)", "")?.Message, StringComparison.Ordinal);
        Assert.Contains("contain U+D835", RegExpSyntax.Check("(?<a\ud835\\udc9c>a)", "")?.Message, StringComparison.Ordinal);
        Assert.Contains("there is no flag U+D83D", RegExpSyntax.Check("", "\ud83d")?.Message, StringComparison.Ordinal);
    }

    [InlineData("gimsuyd", -1, "")]
    [InlineData("v", -1, "")]
    [InlineData("gig", 2, "'g' is given twice")]
    [InlineData("gx", 1, "there is no flag 'x'")]
    [InlineData("G", 0, "there is no flag 'G'")]
    [InlineData("\u001B", 0, "there is no flag U+001B")]
    [InlineData("😀", 0, "there is no flag '😀'")]
    [InlineData("uiv", 2, "exclude each other")]
    [InlineData("vu", 1, "exclude each other")]
    [Theory]
    public void Flags_are_checked_first(string flags, int offset, string says)
    {
        RegExpFault? fault = RegExpSyntax.Check(offset < 0 ? "a" : "(", flags);

        Assert.Equal(offset, fault?.Offset ?? -1);
        Assert.Equal(fault is null ? null : RegExpPart.Flags, fault?.Part);
        Assert.Contains(says, fault?.Message ?? "", StringComparison.Ordinal);
    }
}
