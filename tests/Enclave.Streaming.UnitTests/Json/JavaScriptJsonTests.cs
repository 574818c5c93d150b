using System.Text.Json;
using Enclave.Streaming.Json;

namespace Enclave.Streaming.Tests.Json;

public sealed class JavaScriptJsonTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("1.0", "1")]
    [InlineData("1e3", "1000")]
    [InlineData("123456789012345678", "123456789012345680")]
    [InlineData("1e20", "100000000000000000000")]
    [InlineData("1e21", "1e+21")]
    [InlineData("1.25e30", "1.25e+30")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("-1.5e-9", "-1.5e-9")]
    [InlineData("0.1", "0.1")]
    [InlineData("100.25", "100.25")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    [InlineData("1e999", "null")]
    [InlineData("\"a\\u0000\\u001F\\b\\n\\\"\\\\\\/\\u00e9\\u2028\\ud83d\\ude00\u007f\"", "\"a\\u0000\\u001f\\b\\n\\\"\\\\/é\u2028😀\u007f\"")]
    [InlineData(" { \"a\" : [ 1 , { } , [ ] , true , null ] , \"b\" : \"x\" } ", "{\"a\":[1,{},[],true,null],\"b\":\"x\"}")]
    public void Values_are_written_as_JavaScript_does(string json, string expected)
    {
        Assert.Equal(expected, JavaScriptJson.Write(JsonElement.Parse(json), 1000, out bool isWhole));
        Assert.True(isWhole);
    }

    [Fact]
    public void A_long_value_is_written_up_to_the_limit()
    {
        JsonElement value = JsonElement.Parse("[\"aaa\",\"bbb\"]");
        Assert.Equal("[\"aaa\",\"bbb\"]", JavaScriptJson.Write(value, 13, out bool isWhole));
        Assert.True(isWhole);
        for (int length = 0; length < 13; length++)
        {
            Assert.Equal("[\"aaa\",\"bbb\"]"[..length], JavaScriptJson.Write(value, length, out isWhole));
            Assert.False(isWhole);
        }
    }
}
