namespace Enclave.LoadBench.Http;

/// <summary>What <c>--http</c> was asked for.</summary>
internal sealed record HttpOptions
{
    /// <summary>Few sessions: whether it works.</summary>
    public bool IsQuick { get; private init; }

    public bool IsJson { get; private init; }

    /// <summary>Whether the loads are those of the model (docs/scale.md).</summary>
    public bool IsGrid { get; private init; }

    /// <summary>The file that names a database for sessions, as <c>enclave serve --store-file</c> takes it; null for none.</summary>
    public string? Store { get; private init; }

    /// <summary>The file with the address of a RabbitMQ server, which is the caller's to run; null for none.</summary>
    public string? Queues { get; private init; }

    /// <summary>Where that server's plugin <c>rabbitmq_prometheus</c> shows figures; null for nowhere.</summary>
    public Uri? QueueFigures { get; private init; }

    /// <exception cref="BenchException">An option is none, or lacks its value.</exception>
    public static HttpOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new HttpOptions();
        using IEnumerator<string> next = arguments.GetEnumerator();
        while (next.MoveNext())
        {
            string name = next.Current;
            options = name switch
            {
                "--quick" => options with { IsQuick = true },
                "--json" => options with { IsJson = true },
                "--costs" => options with { IsGrid = true },
                "--store" => options with { Store = Value("a file with a connection string") },
                "--queue-file" => options with { Queues = Value("a file with the address of a RabbitMQ server") },
                "--queue-figures" => options with { QueueFigures = Uri.TryCreate(Value("a URL"), UriKind.Absolute, out Uri? address) ? address : throw new BenchException("--queue-figures takes a URL") },
                _ => throw new BenchException($"--http has no option {name}"),
            };

            string Value(string what) => next.MoveNext() ? next.Current : throw new BenchException($"{name} takes {what}");
        }

        return options;
    }
}
