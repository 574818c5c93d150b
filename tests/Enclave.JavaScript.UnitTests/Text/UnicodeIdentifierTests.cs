using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.Text;

public sealed class UnicodeIdentifierTests
{
    [Theory]
    [InlineData('$', true, true)]
    [InlineData('_', true, true)]
    [InlineData('7', false, true)]
    [InlineData('-', false, false)]
    [InlineData(0x200C, false, true)]
    [InlineData(0x200D, false, true)]
    [InlineData(0x2118, true, true)]
    [InlineData(0x00B7, false, true)]
    [InlineData(0x1D49C, true, true)]
    [InlineData(0xE0100, false, true)]
    [InlineData(0xD800, false, false)]
    [InlineData(0x10FFFF, false, false)]
    public void Names_begin_and_go_on_with(int codePoint, bool start, bool part) =>
        Assert.Equal((start, part), (UnicodeIdentifier.IsStart(codePoint), UnicodeIdentifier.IsPart(codePoint)));
}
