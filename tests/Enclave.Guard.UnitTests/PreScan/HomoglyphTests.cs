using Enclave.Guard.PreScan;
using Enclave.Guard.Unicode;

namespace Enclave.Guard.Tests.PreScan;

public sealed class HomoglyphTests
{
    [Theory]
    [InlineData("еval", "eval")]
    [InlineData("pаypal", "paypal")]
    [InlineData("аdmin", "admin")]
    [InlineData("usеr", "user")]
    [InlineData("prοcess", "process")]
    [InlineData("αrray", "array")]
    [InlineData("ｅval", "eval")]
    [InlineData("ｅｖａｌ", "eval")]
    [InlineData("𝐞𝐯𝐚𝐥", "eval")]
    [InlineData("𝚎val", "eval")]
    [InlineData("evᴀl", "eval")]
    [InlineData("proсess", "process")]
    [InlineData("օbject", "object")]
    [InlineData("ᎪBC", "ABC")]
    [InlineData("ꓰrror", "Error")]
    [InlineData("ℱunction", "Function")]
    [InlineData("ѕеⅼf", "self")]
    [InlineData("х１", "x1")]
    [InlineData("userИмя", "userИмя")]
    public void Looks_like_another(string name, string skeleton)
    {
        Assert.True(Homoglyphs.IsSuspicious(name, out string found));
        Assert.Equal(skeleton, found);
        Assert.False(Homoglyphs.IsSafe(name));
        GuardIssue issue = PreScanner.Scan($"const a = 1; return {name}", ScanColumns.Standard).Fatal!;
        Assert.Equal("PRESCANNER_HOMOGRAPH", issue.Code);
        Assert.Equal(skeleton, issue.Data["resembles"]);
        Assert.Equal((20, name.Length), (issue.Location!.Value.Offset, issue.Location.Value.Length));
        Assert.Null(Scanned.Code(name, ScanColumns.Permissive));
    }

    [Theory]
    [InlineData("eval")]
    [InlineData("имя")]
    [InlineData("рост")]
    [InlineData("оса")]
    [InlineData("όνομα")]
    [InlineData("Δx")]
    [InlineData("π2")]
    [InlineData("名前")]
    [InlineData("name名前")]
    [InlineData("اسم_1")]
    [InlineData("שם")]
    [InlineData("naïve")]
    [InlineData("größe")]
    [InlineData("ｎａｍｅ")]
    [InlineData("имя_1")]
    [InlineData("անուն")]
    [InlineData("")]
    public void Looks_like_itself(string name)
    {
        Assert.False(Homoglyphs.IsSuspicious(name, out string skeleton));
        Assert.Equal("", skeleton);
        Assert.True(Homoglyphs.IsSafe(name));
        Assert.Null(Scanned.Code($"return {name}", ScanColumns.AgentScript));
    }

    [Theory]
    [InlineData("\\u0435val", "eval")]
    [InlineData("e\\u{432}al", "eвal")]
    [InlineData("\\u{1D41E}\\u{1d42f}\\u{1d41a}\\u{1d425}", "eval")]
    public void Escapes_hide_nothing(string written, string skeleton) =>
        Assert.Equal(skeleton, PreScanner.Scan($"x = {{ {written}: 1 }}", ScanColumns.Standard).Fatal?.Data["resembles"]);

    [Fact]
    public void An_escape_is_no_bracket() => Assert.Equal(0, Scanned.Depth("\\u{61}b\\u{62} = \\u{63"));

    [Fact]
    public void Every_full_width_and_mathematical_letter_has_its_ascii()
    {
        for (char c = '0'; c <= 'z'; c++)
        {
            if (char.IsAsciiLetterOrDigit(c)) Assert.Equal(c, Confusables.AsciiOf(c - '!' + 0xFF01));
        }

        Assert.Equal("AzA09x", Homoglyphs.Normalize("𝐀𝐳𝛢𝟎𝟿𝚡"));
    }

    [Fact]
    public void A_lone_surrogate_is_no_letter()
    {
        Assert.Equal("\uD835", Homoglyphs.Normalize("\uD835"));
        Assert.True(Homoglyphs.IsSafe("a\uDC00"));
        Assert.False(Homoglyphs.IsSafe("a\u200Bb"));
    }
}
