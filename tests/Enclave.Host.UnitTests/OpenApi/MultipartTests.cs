using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>Bodies that are multipart forms, read by ASP.NET's own reader.</summary>
public sealed class MultipartTests : IDisposable
{
    private readonly ServiceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("""{ "a": "x & y", "n": 1.5, "yes": true, "none": null, "empty": "" }""", "a:::x & y|n:::1.5|yes:::true|empty:::")]
    [InlineData("""{ "o": { "b": [1] }, "list": ["p", "q"] }""", """o::application/json:{"b":[1]}|list:::p|list:::q""")]
    [InlineData("""{ "file": "hello" }""", "file:file:application/octet-stream:hello")]
    [InlineData("""{ "files": ["one", "two"] }""", "files:files:application/octet-stream:one|files:files:application/octet-stream:two")]
    [InlineData("""{ "media": "{}" }""", "media:media:image/png:{}")]
    [InlineData("""{ "data": [1, "b"] }""", """data::application/json:[1,"b"]""")]
    [InlineData("""{ "note": "text" }""", "note::text/markdown:text")]
    [InlineData("""{ "a\"; filename=\"x": "1" }""", "a%22; filename=%22x:::1")]
    [InlineData("""{ "a\r\nX-Evil: 1\r\n\r\n": "1" }""", "a%0D%0AX-Evil: 1%0D%0A%0D%0A:::1")]
    [InlineData("""{ "a": "x\r\n--enclave-00\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nevil" }""",
        "a:::x\r\n--enclave-00\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nevil")]
    [InlineData("{}", "")]
    public async Task Each_member_is_a_part(string given, string expected)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            """
            "requestBody": { "required": true, "content": { "multipart/form-data": {
              "schema": { "allOf": [{ "$ref": "#/components/schemas/Upload" }] },
              "encoding": { "media": { "contentType": "image/png, image/jpeg" }, "data": { "contentType": "application/json" },
                "note": { "contentType": "text/markdown" }, "odd": { "contentType": "image/*" } } } } }
            """, method: "post", more: """
            "components": { "schemas": { "Upload": { "type": "object", "properties": {
              "file": { "type": "string", "format": "binary" }, "media": { "type": "string", "contentMediaType": "image/png" },
              "files": { "type": "array", "items": { "$ref": "#/components/schemas/File" } } } },
              "File": { "type": "string", "format": "binary" } } },
            """));

        Asked asked = await _bench.Ask(service, $$"""{ "body": {{given}} }""");

        Assert.Empty(service.Skipped);
        Assert.Equal(expected, await Read(asked.Headers["Content-Type"], Encoding.UTF8.GetBytes(asked.Body!)));
    }

    [Fact]
    public async Task Bytes_arrive_as_they_are_and_as_a_file()
    {
        byte[] sent = [0, 255, 13, 10, 45, 45, 128], got = [];
        string? type = null;
        _bench.Answer = async (request, token) =>
        {
            (type, got) = (request.Content!.Headers.ContentType!.ToString(), await request.Content.ReadAsByteArrayAsync(token));
            return ServiceBench.Json("{}");
        };
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            """ "requestBody": { "content": { "multipart/form-data": { "schema": { "type": "object", "properties": { "x": { "type": "string" } } } } } } """,
            method: "post"));

        await _bench.Ask(service, new Dictionary<string, object?> { ["body"] = new Dictionary<string, object?> { ["x"] = sent } });

        Assert.Equal($"x:x:application/octet-stream:{Convert.ToHexString(sent)}", await Read(type!, got, isText: false));
    }

    [Theory]
    [InlineData("[1]", "body is [1]; expected an object")]
    [InlineData("\"a=b\"", "body is \"a=b\"; expected an object")]
    public async Task Only_an_object_is_a_form(string given, string why)
    {
        OpenApiService service = await _bench.Load(
            ServiceBench.Operation("\"requestBody\": { \"content\": { \"multipart/form-data\": {} } }", method: "post"));

        Assert.Equal(("TOOL_INVALID_ARGUMENTS", $"the arguments of s:op do not fit: {why}"), await _bench.Fail(service, $$"""{ "body": {{given}} }"""));
    }

    [Fact]
    public async Task A_long_name_is_not_repeated_without_an_end()
    {
        OpenApiService service = await _bench.Load(
            ServiceBench.Operation("\"requestBody\": { \"content\": { \"multipart/form-data\": {} } }", method: "post"));
        var body = new Dictionary<string, object?> { [new string('n', 1 << 20)] = Enumerable.Repeat("", 100_000).ToArray() };

        (string? code, string message) = await _bench.Fail(service, new Dictionary<string, object?> { ["body"] = body });

        Assert.Equal(("TOOL_INVALID_ARGUMENTS", "the arguments of s:op do not fit: body is too long for a form"), (code, message));
        Assert.Empty(_bench.Requests);
    }

    /// <summary>Its parts as name, file name, media type and content.</summary>
    private static async Task<string> Read(string type, byte[] body, bool isText = true)
    {
        MediaTypeHeaderValue header = MediaTypeHeaderValue.Parse(type);
        Assert.Equal("multipart/form-data", header.MediaType);
        var reader = new MultipartReader(header.Parameters.Single((parameter) => parameter.Name == "boundary").Value!, new MemoryStream(body));
        var parts = new List<string>();
        while (await reader.ReadNextSectionAsync() is { } section)
        {
            ContentDispositionHeaderValue disposition = ContentDispositionHeaderValue.Parse(section.ContentDisposition!);
            using var content = new MemoryStream();
            await section.Body.CopyToAsync(content);
            string text = isText ? Encoding.UTF8.GetString(content.ToArray()) : Convert.ToHexString(content.ToArray());
            parts.Add($"{disposition.Name!.Trim('"')}:{disposition.FileName?.Trim('"')}:{section.ContentType}:{text}");
        }

        return string.Join('|', parts);
    }
}
