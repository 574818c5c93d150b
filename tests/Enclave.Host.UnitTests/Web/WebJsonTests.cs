using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Guard;
using Enclave.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Host.Tests.Web;

/// <summary>Results and events as ASP.NET Core and <see cref="HttpClient"/> write and read them, without JSON settings in the application.</summary>
public sealed partial class WebJsonTests
{
    private const string Code = "console.log('é'); return [await callTool('echo', { n: 10n }), new Date(0)]";

    /// <summary>The form is the documented one, whatever the options say about names, numbers and enumerations.</summary>
    [Fact]
    public void Options_of_the_serializer_do_not_change_the_form()
    {
        ExecutionResult result = Failed();
        JsonSerializerOptions[] all =
        [
            JsonSerializerOptions.Default, JsonSerializerOptions.Web, new()
            {
                PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper,
                Converters = { new JsonStringEnumConverter() },
                NumberHandling = JsonNumberHandling.WriteAsString,
            },
        ];

        Assert.All(all, (options) => Assert.Equal(Same(result.ToJsonString()), Same(JsonSerializer.Serialize(result, options))));
        Assert.All(all[..2], (options) => Assert.Equal(
            result.ToJsonString(), JsonSerializer.Deserialize<ExecutionResult>(JsonSerializer.Serialize(result, options), options)!.ToJsonString()));
        Assert.Equal("\"RUNTIME_ERROR\"", JsonSerializer.Serialize(ErrorCode.RuntimeError));
        Assert.Equal("""{"TIMEOUT":1}""", JsonSerializer.Serialize(new Dictionary<ErrorCode, int> { [ErrorCode.Timeout] = 1 }));
        Assert.Equal("null", JsonSerializer.Serialize<ExecutionResult?>(null));
    }

    [Fact]
    public void A_source_generated_context_writes_and_reads_the_same()
    {
        ExecutionResult result = Failed();
        ExecutionEvent last = new FinishedEvent { Result = result, Sequence = 3 };

        string json = JsonSerializer.Serialize(result, Generated.Default.ExecutionResult);

        Assert.Equal(Same(result.ToJsonString()), Same(json));
        Assert.Equal(result.ToJsonString(), JsonSerializer.Deserialize(json, Generated.Default.ExecutionResult)!.ToJsonString());
        Assert.Equal(Same(last.ToJsonString()), Same(JsonSerializer.Serialize(last, Generated.Default.ExecutionEvent)));
        // As its own type, as the type of all events, and as the object that Results.Json gets.
        Assert.Equal(Same(last.ToJsonString()), Same(JsonSerializer.Serialize((FinishedEvent)last)));
        Assert.Equal(Same(last.ToJsonString()), Same(JsonSerializer.Serialize<object>(last)));
    }

    /// <summary>Generated code names the converter, so the converter must be visible to it.</summary>
    [Fact]
    public void Every_converter_that_a_public_type_names_is_public()
    {
        Type[] types =
        [
            .. new[] { typeof(EnclaveHost), typeof(ErrorCode), typeof(DurableRun), typeof(ModelText), typeof(OpenApiService), typeof(ScriptValue) }
                .SelectMany((type) => type.Assembly.GetExportedTypes()),
        ];
        Type[] converters = [.. types.SelectMany((type) => type.GetCustomAttributes(typeof(JsonConverterAttribute), inherit: false))
            .Select((attribute) => ((JsonConverterAttribute)attribute).ConverterType!).Distinct()];

        Assert.Contains(typeof(ExecutionEventJsonConverter), converters);
        Assert.All(converters, (converter) => Assert.True(converter.IsPublic, converter.Name));
        Assert.All(types.Where(typeof(ExecutionEvent).IsAssignableFrom), (type) => Assert.True(
            type.IsDefined(typeof(JsonConverterAttribute), inherit: false), type.Name));
    }

    /// <summary>A serializer allows 64 levels for its own objects. A script's value may have 100.</summary>
    [Fact]
    public void Values_deeper_than_a_serializer_allows_are_written_whole()
    {
        object? deep = 1;
        for (int i = 0; i < 90; i++) deep = new[] { deep };
        ExecutionResult result = Failed() with { Error = null, Value = ScriptValue.From(deep) };

        Assert.Equal(Same(result.ToJsonString()), Same(JsonSerializer.Serialize(result, JsonSerializerOptions.Web)));
        Assert.Equal(result.Value.ToJsonString(), JsonSerializer.Serialize(result.Value));
    }

    /// <summary>Text for a page is escaped as the application's serializer escapes it.</summary>
    [Fact]
    public void Text_of_a_script_cannot_end_a_script_element() =>
        Assert.DoesNotContain("</script>", JsonSerializer.Serialize(Failed() with { Stdout = "</script>" }), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"error":{"code":"NO_SUCH_CODE"}}""")]
    [InlineData("""{"error":{}}""")]
    [InlineData("""{"stats":{"durationMs":1e300}}""")]
    [InlineData("""{"stats":{"toolCallCount":"many"}}""")]
    [InlineData("""{"stdout":5}""")]
    public void JSON_that_is_no_result_is_refused_as_such(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ExecutionResult>(json));

    private static ExecutionResult Failed() => new()
    {
        Value = ScriptValue.Undefined,
        Error = new ExecutionError
        {
            Code = ErrorCode.RuntimeError,
            Name = "Error",
            Message = "m <b>",
            Data = new Dictionary<string, object?> { ["limit"] = 5, ["names"] = new[] { "a" } },
        },
        Stdout = "a\n",
        Stats = new ExecutionStats { Duration = TimeSpan.FromMicroseconds(1500), WorkerId = 2, Isolation = "landlock" },
    };

    /// <summary>JSON without its differences in escapes.</summary>
    private static string Same(string json) =>
        JsonSerializer.Serialize(JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 200 }).RootElement, s_deep);

    private static readonly JsonSerializerOptions s_deep = new() { MaxDepth = 200 };

    [JsonSerializable(typeof(ExecutionResult))]
    [JsonSerializable(typeof(ExecutionEvent))]
    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    private sealed partial class Generated : JsonSerializerContext;
}
