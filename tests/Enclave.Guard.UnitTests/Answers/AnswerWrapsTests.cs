using Enclave.Guard.Answers;

namespace Enclave.Guard.Tests.Answers;

/// <summary>Programs with something around them, or in them, that models add.</summary>
public sealed class AnswerWrapsTests
{
    [Theory]
    [InlineData("{\"code\": \"return 1\"}", "return 1", 1)]
    [InlineData("{\"name\":\"run_code\",\"arguments\":{\"code\":\"const a = 2;\\nreturn a\"}}", "const a = 2;\nreturn a", 1)]
    [InlineData("{\"code\": \"```js\\nreturn 1\\n```\"}", "return 1\n", 2)]
    [InlineData("<script>return 1</script>", "return 1", 1)]
    [InlineData("<tool_code language=\"js\">\nreturn 3\n</tool_code>", "\nreturn 3\n", 1)]
    [InlineData("const a = 1;\\nreturn a;", "const a = 1;\nreturn a;", 1)]
    [InlineData("return \u201ca\u201d", "return \"a\"", 1)]
    [InlineData("return \u2018a\u2019\u00a0+ 1", "return 'a' + 1", 1)]
    [InlineData("Here is the code you asked for:\nreturn 1", "return 1", 2)]
    [InlineData("Here it is:\n\nconst a = 1;\nreturn a;\n\nThis returns one.", "const a = 1;\nreturn a;", 3)]
    public void They_are_taken_off(string answer, string program, int line)
    {
        ExtractedProgram found = AnswerText.Read(answer);

        Assert.Equal((program, line), (found.Source, found.FirstLine));
    }

    /// <summary>A text that is a program stays so. A text that is none after all readings is refused, or goes to the guard with its mistake.</summary>
    [Theory]
    [InlineData("return \"it\u2019s\"", "return \"it\u2019s\"")]
    [InlineData("return '\\n'", "return '\\n'")]
    [InlineData("const a = 1;\nreturn a +;", "const a = 1;\nreturn a +;")]
    [InlineData("const a = 1;\nreturn a +", "const a = 1;\nreturn a +")]
    [InlineData("await callTool('drop', {});\n\nrturn 1 2", "await callTool('drop', {});\n\nrturn 1 2")]
    [InlineData("cosnt a = 1;\nawait callTool('drop', { a })", null)]
    [InlineData("let me\nawait callTool('drop', {})", "let me\nawait callTool('drop', {})")]
    [InlineData("{\"value\": 1}", null)]
    [InlineData("{\"code\": \"Sorry, I cannot do that.\"}", null)]
    [InlineData("{\"code\": {\"code\": \"return 1\"}}", null)]
    [InlineData("Sorry, I cannot do that.", null)]
    [InlineData("<p>Sorry, I cannot do that.</p>", null)]
    public void Other_texts_stay_as_they_are(string answer, string? program) => Assert.Equal(program, AnswerText.Read(answer).Source);

    /// <summary>Hostile answers cost what they are long.</summary>
    [Theory]
    [InlineData("{\"code\":", 100_000)]
    [InlineData("<a>", 100_000)]
    [InlineData("const a = \u201c;\n", 20_000)]
    [InlineData("x\\n", 100_000)]
    [InlineData("return (\nword word\n", 20_000)]
    public void A_long_one_is_bounded(string part, int times)
    {
        ExtractedProgram found = AnswerText.Read(string.Concat(Enumerable.Repeat(part, times)));

        Assert.False(found.IsProgram && found.Source is null && found.Refusal is null);
    }
}
