using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.Text;

/// <summary>Number::toString. The expected texts are V8's.</summary>
public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(42, "42")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(0.00000123, "0.00000123")]
    [InlineData(0.0000001, "1e-7")]
    [InlineData(1.23e-7, "1.23e-7")]
    [InlineData(123456789012345680000.0, "123456789012345680000")]
    [InlineData(100000000000000000000.0, "100000000000000000000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(9007199254740991, "9007199254740991")]
    [InlineData(9007199254740992, "9007199254740992")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(-1.7976931348623157e308, "-1.7976931348623157e+308")]
    [InlineData(-1.2345678901234567e-6, "-0.0000012345678901234567")]
    [InlineData(123456.789, "123456.789")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void A_number_reads_as_in_the_language(double value, string text) => Assert.Equal(text, NumberText.Of(value));
}
