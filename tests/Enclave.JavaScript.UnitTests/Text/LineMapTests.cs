using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.Text;

public sealed class LineMapTests
{
    [Theory]
    [InlineData("", 0, 1, 0)]
    [InlineData("a\nb", 2, 2, 0)]
    [InlineData("a\r\nb", 2, 1, 2)]
    [InlineData("a\r\nb", 3, 2, 0)]
    [InlineData("a\rb\u2028c\u2029d", 6, 4, 0)]
    [InlineData("a\n\n", 3, 3, 0)]
    public void An_offset_has_the_line_and_column_the_language_gives_it(string source, int offset, int line, int column) =>
        Assert.Equal(new SourcePosition(line, column), new LineMap(source).At(offset));
}
