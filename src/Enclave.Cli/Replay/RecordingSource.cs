using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Fetch;

namespace Enclave.Cli.Replay;

/// <summary>The options of each command that repeats a recorded run: the recording, and the host that repeats it.</summary>
internal sealed class RecordingSource
{
    private const string NoOrigin = "https://replay.invalid";

    private readonly Argument<string> _file = OptionFactory.Files(
        new Argument<string>("FILE") { Description = "A recording of run --record, or with --store the id of a run. - is standard input." });

    private readonly Option<IsolationLayer[]?> _allowDegraded = OptionFactory.Object<IsolationLayer[]>(
        "--allow-degraded-isolation",
        "LAYER,...|all", "Run although this machine lacks these layers, which the recording's level requires.", Layers.Form, Layers.TryParse);

    private readonly Option<ScriptEngine?> _engine = OptionFactory.Engine();

    private readonly LibraryOption _libraries = new();

    private readonly StoreOptionSet _store = new();

    public void AddTo(Command command)
    {
        command.Arguments.Add(_file);
        foreach (Option option in (Option[])[_libraries.Option, _engine, _allowDegraded, .. _store.OfRecordings]) command.Options.Add(option);
    }

    /// <exception cref="UsageException">There is no such recording, or it cannot be read.</exception>
    public async Task<ExecutionRecording> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string file = parsed.GetValue(_file)!;
        if (!_store.IsGiven(parsed))
        {
            if (_store.Tenant(parsed) is not null) throw new UsageException("--tenant needs --store FOLDER.");
            return await ReadFileAsync(file, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await _store.ReadRecordings(parsed).FindAsync(file, _store.Tenant(parsed), cancellationToken).ConfigureAwait(false)
                ?? throw new UsageException($"{_store.Folder(parsed)} has no recording of a run {file}.");
        }
        catch (Exception fault) when (fault is JournalException or InvalidDataException)
        {
            throw new UsageException($"the recording of {file} cannot be read: {fault.Message}");
        }
    }

    /// <summary>The options of a host that can repeat the recording. It has no tools.</summary>
    public EnclaveOptions HostFor(ExecutionRecording recording, ParseResult parsed) => new HostSettings
    {
        Level = recording.SecurityLevel,
        Validate = recording.Validate,
        Limits = new LimitSettings { Preset = recording.Preset, MemoryLimit = recording.Options.MemoryLimit, Engine = parsed.GetValue(_engine) },
        AllowDegradedIsolation = parsed.GetValue(_allowDegraded) ?? [],
        Libraries = _libraries.Read(parsed),
        // The answers of its requests are in the recording: no request is sent.
        Fetch = FetchFor(recording),
    }.ToOptions(recording.SecurityLevel, tools: null);

    /// <summary>The fetch of a host that repeats the recording; null if its script had none.</summary>
    public static FetchOptions? FetchFor(ExecutionRecording recording) =>
        recording.Libraries.ContainsKey(FetchTool.Name) ? new FetchOptions { Origins = [new FetchOrigin { Origin = NoOrigin }] } : null;

    private static async Task<ExecutionRecording> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            Stream input = TextFile.Open(file);
            await using (input.ConfigureAwait(false))
            {
                // A read of standard input cannot be cancelled, only abandoned.
                return await ExecutionRecording.LoadAsync(input, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UsageException(
                Directory.Exists(file) ? FileFault.Of(file, fault) : $"{TextFile.NameOf(file)}: {fault.Message}");
        }
    }
}
