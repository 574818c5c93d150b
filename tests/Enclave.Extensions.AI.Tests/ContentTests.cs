using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI.Tests;

/// <summary>Pictures, sounds and files that a script gives a model.</summary>
public sealed class ContentTests : IAsyncDisposable
{
    private readonly EnclaveHost _enclave = new();

    public ValueTask DisposeAsync() => _enclave.DisposeAsync();

    [Fact]
    public async Task Bytes_with_a_media_type_go_to_the_model_as_content_and_the_value_names_them()
    {
        List<AIContent> contents = await Contents(
            """
            const csv = new Blob(['a,b'], { type: 'text/csv' });
            return {
              chart: { mimeType: 'image/png', data: new Uint8Array([1, 2, 3]), name: 'chart.png' },
              files: [{ mimeType: csv.type, data: new Uint8Array(await csv.arrayBuffer()) }],
            };
            """);

        Assert.Equal(
            """{"value":{"chart":{"mimeType":"image/png","name":"chart.png","bytes":3,"file":1},"files":[{"mimeType":"text/csv","bytes":3,"file":2}]}}""",
            Assert.IsType<TextContent>(contents[0]).Text);
        DataContent chart = Assert.IsType<DataContent>(contents[1]), table = Assert.IsType<DataContent>(contents[2]);
        Assert.Equal(("image/png", "chart.png"), (chart.MediaType, chart.Name));
        Assert.Equal([1, 2, 3], chart.Data.ToArray());
        Assert.Equal("a,b"u8.ToArray(), table.Data.ToArray());
    }

    [Fact]
    public async Task More_files_or_bytes_than_allowed_are_left_out_and_the_value_says_so()
    {
        List<AIContent> many = await Contents("return Array.from({ length: 12 }, () => ({ mimeType: 'image/png', data: new Uint8Array(1) }))");
        Assert.Equal(11, many.Count);
        Assert.Contains("at most 10 files", ((TextContent)many[0]).Text, StringComparison.Ordinal);

        object? large = await Call("return { mimeType: 'image/png', data: new Uint8Array(101) }", new CodeFunctionOptions { MaxContentBytes = 100 });
        Assert.Contains("100 bytes together", Assert.IsType<JsonElement>(large).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ mimeType: 'image/png\\r\\nX: y', data: new Uint8Array(1) }")]
    [InlineData("{ mimeType: 'png', data: new Uint8Array(1) }")]
    [InlineData("{ mimeType: 'image/', data: new Uint8Array(1) }")]
    [InlineData("{ mimeType: 1, data: new Uint8Array(1) }")]
    [InlineData("{ mimeType: 'image/png', data: 'AA==' }")]
    public async Task What_is_not_bytes_with_a_media_type_stays_data(string value) =>
        Assert.DoesNotContain("\"file\"", Assert.IsType<JsonElement>(await Call($"return {value}", null)).GetRawText(), StringComparison.Ordinal);

    private async Task<List<AIContent>> Contents(string code) => Assert.IsType<List<AIContent>>(await Call(code, null));

    private async Task<object?> Call(string code, CodeFunctionOptions? options) =>
        await _enclave.AsAIFunction(options).InvokeAsync(new AIFunctionArguments { ["code"] = code }, TestContext.Current.CancellationToken);
}
