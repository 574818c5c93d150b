using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cluster.Tests.Servers;

/// <summary><c>eng/cluster.sh</c> as a process: PostgreSQL, RabbitMQ, brokers and runtimes, and the control port for faults.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    /// <summary>The tool that clients answer.</summary>
    public const string Tool = "work:step";

    /// <summary>The tool that brokers run: it logs its arguments.</summary>
    public const string Note = "work:note";

    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(8), s_end = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly HttpClient _control;
    private readonly ConcurrentQueue<string> _errors;

    private ClusterProcess(Process process, ConcurrentQueue<string> errors, string notes, JsonElement ready)
    {
        (_process, _errors, NotesFile) = (process, errors, notes);
        _control = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(ready.GetProperty("control").GetString()!),
            Timeout = TimeSpan.FromMinutes(5),
        };
        _control.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ready.GetProperty("controlToken").GetString());
        StoreOwner = ready.GetProperty("store").GetProperty("owner").GetString()!;
        Tokens = ready.GetProperty("tokens").EnumerateObject().ToDictionary((token) => token.Name, (token) => token.Value.GetString()!, StringComparer.Ordinal);
        Parts = [.. ready.GetProperty("parts").EnumerateArray().Select(ClusterPart.Read)];
        Brokers = [.. Parts.Where((part) => part.Kind == "broker").Select((part) => new BrokerAddress(part.Name, part.Address!))];
    }

    /// <summary>The log of the brokers' tool: the arguments of each call, one call per line.</summary>
    public string NotesFile { get; }

    /// <summary>Connects to the store as the schema's owner.</summary>
    public string StoreOwner { get; }

    public IReadOnlyDictionary<string, string> Tokens { get; }

    /// <summary>The parts as they were when all was ready.</summary>
    public IReadOnlyList<ClusterPart> Parts { get; }

    public IReadOnlyList<BrokerAddress> Brokers { get; }

    /// <summary>The end of its standard error.</summary>
    public string Errors => string.Join('\n', _errors.TakeLast(40));

    /// <summary>Starts it and waits until all is ready. Skips the test if a server is not installed.</summary>
    /// <param name="tenants">Number of owners with a token.</param>
    /// <param name="slots">Maximum number of sessions of each runtime.</param>
    public static async Task<ClusterProcess> StartAsync(int tenants, int slots)
    {
        Assert.SkipUnless(Directory.Exists("/usr/lib/postgresql"), "/usr/lib/postgresql/*/bin/initdb is missing: apt-get install -y postgresql");
        Assert.SkipUnless(
            File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server"), "/usr/lib/rabbitmq/bin/rabbitmq-server is missing: apt-get install -y rabbitmq-server");
        string notes = Path.GetTempFileName();
        string[] clocks = File.Exists("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1") ? ["--clocks"] : [];
        string configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name;
        string command = Path.Combine(Repository.Root, "artifacts", "bin", "Enclave.Cluster", configuration, "Enclave.Cluster.dll");
        var process = Process.Start(new ProcessStartInfo(
            "dotnet", [command, "--json", "--brokers", "3", "--runtimes", "6", "--level", "standard", "--tenants", $"{tenants}", "--max-sessions",
                $"{slots}", "--client-tool", Tool, "--tool", $"{Note}=IFS= read -r line; printf '%s\\n' \"$line\" >> {notes}; echo true", .. clocks])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = new ConcurrentQueue<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text) errors.Enqueue(text);
            while (errors.Count > 1000) errors.TryDequeue(out string? _);
        };
        process.BeginErrorReadLine();
        try
        {
            JsonElement ready = await ReadyAsync(process).WaitAsync(s_start);
            // Keeps reading: a full pipe would stop it.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return new ClusterProcess(process, errors, notes, ready);
        }
        catch (Exception fault)
        {
            process.Kill();
            throw new InvalidOperationException($"the cluster did not start: {fault.Message}\n{string.Join('\n', errors)}", fault);
        }
    }

    /// <summary>Acts on a part: <c>kill</c>, <c>stop</c>, <c>pause</c>, <c>resume</c>, <c>start</c>, <c>restart</c>.</summary>
    public Task DoAsync(string part, string verb) => PostAsync($"/parts/{part}/{verb}", null);

    /// <summary>Changes a link, for example <c>{"state":"cut"}</c>.</summary>
    public Task LinkAsync(string link, string change) => PostAsync($"/links/{Uri.EscapeDataString(link)}", change);

    /// <summary>Steps the clock of a broker or a runtime. Returns false if libfaketime is not installed.</summary>
    public async Task<bool> StepClockAsync(string part, int seconds)
    {
        using HttpResponseMessage answer = await _control.PostAsync(
            $"/clocks/{part}", new StringContent($$"""{"stepSeconds":{{seconds}}}""", Encoding.UTF8, "application/json"));
        if (answer.StatusCode == HttpStatusCode.NotImplemented) return false;
        await CheckAsync(answer, $"clock of {part}");
        return true;
    }

    public async Task<IReadOnlyList<ClusterPart>> LookAsync()
    {
        using var parts = JsonDocument.Parse(await _control.GetStringAsync("/parts"));
        return [.. parts.RootElement.EnumerateArray().Select(ClusterPart.Read)];
    }

    public async Task<IReadOnlyList<string>> LinksAsync()
    {
        using var links = JsonDocument.Parse(await _control.GetStringAsync("/links"));
        return [.. links.RootElement.EnumerateArray().Select((link) => link.GetProperty("name").GetString()!)];
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        using (Process signal = Process.Start("kill", ["-s", "TERM", $"{_process.Id}"])) await signal.WaitForExitAsync();
        if (await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(s_end)) is { } first && !_process.HasExited)
        {
            _process.Kill();
            await first;
            Assert.Fail($"the cluster had not ended {s_end.TotalSeconds} s after SIGTERM");
        }

        _process.Dispose();
        File.Delete(NotesFile);
    }

    private static async Task<JsonElement> ReadyAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            JsonElement told = JsonElement.Parse(line);
            if (told.GetProperty("event").GetString() == "ready") return told;
        }

        throw new InvalidOperationException("its output ended");
    }

    private async Task PostAsync(string path, string? body)
    {
        using HttpResponseMessage answer = await _control.PostAsync(path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));
        await CheckAsync(answer, path);
    }

    private static async Task CheckAsync(HttpResponseMessage answer, string what)
    {
        if (!answer.IsSuccessStatusCode) throw new ControlException($"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
