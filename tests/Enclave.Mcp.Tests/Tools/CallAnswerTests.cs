using System.Text.Json;
using Enclave.Mcp.Tools;
using Enclave.Protocol;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tests.Tools;

/// <summary>Results of a server as values of a script: nothing of them is lost.</summary>
public sealed class CallAnswerTests
{
    private static readonly byte[] s_picture = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    [Fact]
    public void Pictures_and_resources_beside_structured_content_are_one_more_member()
    {
        ScriptValue value = Value("""{ "width": 2, "notes": [1] }""",
            new TextContentBlock { Text = "the same as text" },
            ImageContentBlock.FromBytes(s_picture, "image/png"),
            new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "file:///a.txt", MimeType = "text/plain", Text = "a" } },
            new EmbeddedResourceBlock { Resource = BlobResourceContents.FromBytes(s_picture, "file:///a.png", "image/png") },
            AudioContentBlock.FromBytes(s_picture, "audio/wav"));

        Assert.Equal(["width", "notes", "$parts"], value.Properties.Select((member) => member.Key));
        Assert.Equal(2, value["width"].AsInt32());
        ScriptValue parts = value["$parts"];
        Assert.Equal(["image", "resource", "resource", "audio"], parts.Items.Select((part) => part["type"].AsString()));
        Assert.Equal(s_picture, parts[0]["data"].AsBytes().ToArray());
        Assert.Equal(("file:///a.txt", "a"), (parts[1]["uri"].AsString(), parts[1]["text"].AsString()));
        Assert.Equal(s_picture, parts[2]["data"].AsBytes().ToArray());
        Assert.Equal(s_picture, parts[3]["data"].AsBytes().ToArray());
    }

    [Fact]
    public void A_resource_link_has_all_that_the_server_says_of_it()
    {
        var link = new ResourceLinkBlock
        {
            Uri = "file:///report.pdf",
            Name = "report",
            Title = "Report",
            Description = "All of it.",
            MimeType = "application/pdf",
            Size = 12_345,
        };
        const string Expected = """{"type":"resource_link","uri":"file:///report.pdf","name":"report","title":"Report","""
            + "\"description\":\"All of it.\",\"mimeType\":\"application/pdf\",\"size\":12345}";

        Assert.Equal($"[{Expected}]", Value(null, link).ToJsonString());
        Assert.Equal($$"""{"rows":3,"$parts":[{{Expected}}]}""", Value("""{ "rows": 3 }""", link).ToJsonString());
    }

    [Fact]
    public void A_part_has_no_member_that_the_server_did_not_give()
    {
        var text = new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "file:///a.txt", Text = "" } };

        string parts = Value(null, new ResourceLinkBlock { Uri = "file:///a", Name = "a" }, text).ToJsonString();

        Assert.Equal(
            """[{"type":"resource_link","uri":"file:///a","name":"a"},{"type":"resource","uri":"file:///a.txt","text":""}]""", parts);
    }

    [Theory]
    [InlineData("""{ "rows": 3 }""", """{"rows":3}""")]
    [InlineData("[1]", "[1]")]
    [InlineData("{}", "{}")]
    public void Structured_content_with_text_alone_is_as_it_is(string structured, string value) =>
        Assert.Equal(value, Value(structured, new TextContentBlock { Text = "the same as text" }).ToJsonString());

    [Theory]
    [InlineData("""{ "$parts": 1 }""", """{"$parts":1,"$$parts":[""")]
    [InlineData("""{ "$parts": 1, "$$parts": 2 }""", """{"$parts":1,"$$parts":2,"$$$parts":[""")]
    [InlineData("[1]", """{"value":[1],"$parts":[""")]
    [InlineData("7", """{"value":7,"$parts":[""")]
    public void A_member_of_the_servers_is_never_replaced(string structured, string begin) =>
        Assert.StartsWith(begin, Value(structured, ImageContentBlock.FromBytes(s_picture, "image/png")).ToJsonString(), StringComparison.Ordinal);

    private static ScriptValue Value(string? structured, params ContentBlock[] content) => CallAnswer.ToValueAsync(
        "a:b", new CallToolResult { StructuredContent = structured is null ? null : JsonElement.Parse(structured), Content = content },
        new ToolContext(null, null, "test", CancellationToken.None), CancellationToken.None).GetAwaiter().GetResult();
}
