using System.Buffers.Binary;
using System.Security.Cryptography;
using Enclave.Host.Tests.Telemetry;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>Files of durable runs that say they are enormous: they are refused before anybody reads them.</summary>
[Collection(Alone.Name)]
public sealed class HugeJournalTests : IDisposable
{
    private const long Huge = 1L << 40;

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-huge-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Enormous_files_are_refused_at_once_and_take_no_memory()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1 },
            Durable = new DurableOptions { Store = RunStore.InFolder(_folder), Grace = TimeSpan.Zero, Wakes = false },
        });
        DurableRun run = await host.StartAsync("return await waitFor('go')", new RunOptions { Durable = "one" }, token);
        await host.AnswerAsync(run.Waits[0].Token, 1, token);

        foreach (string extension in new[] { ".answer", ".journal", ".run" })
        {
            string file = Directory.EnumerateFiles(_folder, $"*{extension}").Single();
            byte[] honest = await File.ReadAllBytesAsync(file, token);
            await using (var stream = new FileStream(file, FileMode.Open)) stream.SetLength(Huge);
            if (extension == ".journal") PretendEntries(file);

            long allocated = await Allocations.OfProcess(async () =>
            {
                JournalException refused = await Assert.ThrowsAsync<JournalException>(() => host.ResumeAsync("one", cancellationToken: token));
                Assert.Contains("allowed", refused.Message, StringComparison.Ordinal);
            });

            Assert.InRange(allocated, 0, 4 << 20);
            await File.WriteAllBytesAsync(file, honest, token);
        }

        Assert.Equal(1, (await host.ResumeAsync("one", cancellationToken: token)).Result!.Value.AsInt32());
    }

    /// <summary>Both heads say that the file is full of entries, with correct sums of their own.</summary>
    private static void PretendEntries(string file)
    {
        using var stream = new FileStream(file, FileMode.Open);
        for (int place = 0; place < 2; place++)
        {
            byte[] head = new byte[256];
            BinaryPrimitives.WriteInt64LittleEndian(head, 1000 + place);
            BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), Huge);
            BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(16), 512);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(32), 100);
            SHA256.HashData(head.AsSpan(0, 248)).AsSpan(0, 8).CopyTo(head.AsSpan(248));
            stream.Write(head);
        }
    }
}
