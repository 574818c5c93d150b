namespace Enclave.LoadBench.Http;

/// <summary>The options of <c>--http</c>.</summary>
internal sealed record HttpOptions
{
    /// <summary>Runs only a few sessions, to check that everything works.</summary>
    public bool IsQuick { get; private init; }

    public bool IsJson { get; private init; }

    /// <summary>True to run the loads for the model (docs/scale.md).</summary>
    public bool IsGrid { get; private init; }

    /// <summary>A file that names a database for sessions, as for <c>enclave serve --store-file</c>; null for none.</summary>
    public string? Store { get; private init; }

    /// <summary>A file with the address of a running RabbitMQ server; null for none.</summary>
    public string? Queues { get; private init; }

    /// <summary>The address of that server's plugin <c>rabbitmq_prometheus</c>; null if it has none.</summary>
    public Uri? QueueFigures { get; private init; }

    /// <exception cref="BenchException">An option is unknown, or has no value.</exception>
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
                "--queue-figures" => options with
                {
                    QueueFigures = Uri.TryCreate(Value("a URL"), UriKind.Absolute, out Uri? address)
                        ? address
                        : throw new BenchException("--queue-figures takes a URL"),
                },
                _ => throw new BenchException($"--http has no option {name}"),
            };

            string Value(string what) => next.MoveNext() ? next.Current : throw new BenchException($"{name} takes {what}");
        }

        return options;
    }
}
