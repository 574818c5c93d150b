namespace Enclave.Host.Tests.Durable;

/// <summary>Folders of runs that earlier builds put aside.</summary>
public sealed class EarlierRunsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-earlier-").FullName;

    public static IEnumerable<TheoryDataRow<string>> Kept => EarlierRuns.Kept;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task Runs_that_an_earlier_build_put_aside_wake(string kept)
    {
        await EarlierRuns.UnpackAsync(kept, _folder);

        await new EarlierRuns().WakeAsync(RunStore.InFolder(Path.Combine(_folder, "plain")), [], TestContext.Current.CancellationToken);
        await new EarlierRuns().WakeAsync(RunStore.InFolder(Path.Combine(_folder, "sealed")), [EarlierRuns.Key], TestContext.Current.CancellationToken);
    }
}
