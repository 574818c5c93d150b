using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>The tables that V8 and ICU make when a program first asks for them are made before the checkpoint: a reset takes away what a job makes.</summary>
public sealed class FirstUseTests
{
    /// <summary>A job that made the table of locales wrote 576 pages, one that made that of collations 123.</summary>
    private const int FewPages = 64;

    [Theory]
    [InlineData("(1234.5).toLocaleString()")]
    [InlineData("(1234.5).toLocaleString('fr', { style: 'currency', currency: 'EUR' })")]
    [InlineData("new Date(0).toLocaleString()")]
    [InlineData("new Date(0).toLocaleDateString('de', { timeZone: 'Europe/Berlin', dateStyle: 'full' })")]
    [InlineData("'ä'.localeCompare('b')")]
    [InlineData("new Intl.NumberFormat('ja').format(1)")]
    public void A_job_makes_no_tables(string expression)
    {
        TestedEngine.NeedsNative("tables are kept between jobs: it has a new runtime for each");
        if (WorkerSetup.IsSanitized) Assert.Skip("a sanitized worker touches memory of its own");
        using var worker = LiveWorker.Open(WorkerSetup.Tracked);
        // The first jobs touch the pages of the locale's data, which stay.
        long touched = 0;
        for (int i = 0; i < 3; i++)
        {
            touched = worker.TouchedPages;
            worker.Run(new ScriptJob($"return {expression}"));
            worker.AwaitReset();
        }

        Assert.InRange(worker.TouchedPages - touched, 0, FewPages);
    }
}
