using System.Text.Json.Serialization;

namespace Enclave.Host.Tests.Models;

/// <summary>The tools that the answers of the table call.</summary>
internal static class AnswerTools
{
    private static readonly Dictionary<string, double> s_cities = new() { ["Bern"] = 12, ["Oslo"] = 4, ["Rome"] = 21 };

    private static readonly Order[] s_orders =
    [
        new(1, "Anna", 120.5, "paid", "2026-01-15"), new(2, "Bob", 80, "open", "2026-01-20"), new(3, "Cara", 42.25, "paid", "2026-02-01"),
        new(4, "Anna", 10, "open", "2026-02-03"), new(5, "Bob", 200, "paid", "2026-02-14"), new(6, "Dan", 5.75, "cancelled", "2026-02-20"),
        new(7, "Anna", 60, "paid", "2026-03-01"), new(8, "Cara", 99.99, "open", "2026-03-05"),
    ];

    public static void AddTo(ToolCollection tools)
    {
        Add(tools, "weather", (City of) =>
            s_cities.TryGetValue(of.Name, out double celsius) ? new Weather(of.Name, celsius, "clear") : throw new ToolException($"unknown city {of.Name}"));
        Add(tools, "orders:list", (Page of) =>
            s_orders.Take(of.Limit).Select((order) => order with { CreatedAt = $"{order.CreatedAt}T10:00:00.000Z" }).ToArray());
        Add(tools, "users:get", (Key of) => new User(
            of.Id, new[] { "Ada", "Bob", "Cyd" }[(of.Id - 1) % 3], of.Id % 2 == 1 ? $"user{of.Id}@example.com" : null,
            [.. new[] { "a", "b", "c" }.Take(1 + (of.Id % 3))], of.Id == 1 ? null : new Manager("Ada")));
        Add(tools, "mail:send", (Mail mail) => new Receipt(mail.To.Length > 0 && mail.Subject.Length > 0));
        Add(tools, "pages:get", (PageNumber of) => new Items([(of.Page * 2) + 1, (of.Page * 2) + 2], of.Page < 2 ? of.Page + 1 : null));
        Add(tools, "search", (Question about) => new Hits([new Hit($"not {about.Query}", 0.2), new Hit("readme", 0.9)]));
        Add(tools, "files:read", (Place of) =>
            of.Path == "readme" ? new Document("# Title\nSome text\n## Part one\nMore") : throw new ToolException("no such file"));
    }

    private static void Add<TArgs, TResult>(ToolCollection tools, string name, Func<TArgs, TResult> answer) =>
        tools.Add(name, (TArgs args, ToolContext context, CancellationToken token) => Task.FromResult(answer(args)));

    private sealed record City([property: JsonPropertyName("city")] string Name);

    private sealed record Weather(string City, double Celsius, string Condition);

    private sealed record Page(int Limit);

    private sealed record Key(int Id);

    private sealed record Mail(string To, string Subject);

    private sealed record Receipt(bool Sent);

    private sealed record PageNumber(int Page);

    private sealed record Items([property: JsonPropertyName("items")] int[] All, int? Next);

    private sealed record Question(string Query);

    private sealed record Hits(Hit[] Results);

    private sealed record Hit(string Title, double Score);

    private sealed record Place(string Path);

    private sealed record Document(string Text);

    private sealed record Order(int Id, string Customer, double Total, string Status, string CreatedAt);

    private sealed record User(int Id, string Name, string? Email, string[] Tags, Manager? Manager);

    private sealed record Manager(string Name);
}
