using Enclave.Cluster.Tests.Chaos;
using Enclave.Cluster.Tests.Load;

namespace Enclave.Cluster.Tests.Checking;

/// <summary>The checker detects each kind of error: in a correct run with one thing changed.</summary>
public sealed class CheckerTests
{
    private const long Second = 1_000_000;

    private static readonly PlannedSession s_planned = new(TimeSpan.Zero, "tenant-01", "aa", ScriptKind.Calls, "…");

    [Fact]
    public void Nothing_is_found_where_nothing_is_wrong() => Assert.Empty(Checker.Check(Good()));

    [Fact]
    public void A_gap_in_the_store() => Finds(LogRule.Name, "events 3 to 3 are not there", WithEvents((events) => events.RemoveAt(2)));

    [Fact]
    public void A_repeat_in_the_store() => Finds(LogRule.Name, "event 2 is there again", WithEvents((events) => events.Insert(2, events[1])));

    [Fact]
    public void A_line_under_another_number() =>
        Finds(LogRule.Name, "has the line 2 tool_call", WithEvents((events) => events[2] = events[2] with { Line = events[1].Line }));

    [Fact]
    public void Two_finals_in_the_store() =>
        Finds(FinalRule.Name, "it has 2 finals", WithEvents((events) => events.Add(Event(6, "final", """{"ok":true,"result":[]}"""))));

    [Fact]
    public void No_final_in_the_store() => Finds(FinalRule.Name, "its last event is no final", WithEvents((events) => events.RemoveAt(4)));

    [Fact]
    public void A_session_without_an_end() => Finds(FinalRule.Name, "stored without an end", Good() with { Store = [Stored() with { EndedAt = null }] });

    [Fact]
    public void A_session_that_was_opened_twice() => Finds(FinalRule.Name, "stored 2 times", Good() with { Store = [Stored(), Stored() with { Key = 2 }] });

    [Fact]
    public void A_session_that_is_lost() => Finds(FinalRule.Name, "stored 0 times", Good() with { Store = [] });

    [Fact]
    public void An_end_that_no_fault_explains() => Finds(FinalRule.Name, "ended with INTERNAL_ERROR", WithEvents(
        (events) => events[4] = Event(5, "final", """{"ok":false,"error":{"message":"?","code":"INTERNAL_ERROR"}}""")));

    [Fact]
    public void A_client_that_waits_for_ever() =>
        Finds(FinalRule.Name, "GaveUp", WithClient((records) => records.Add(Record(9, ClientRecordKind.GaveUp, "after event 5"))));

    [Fact]
    public void A_client_that_is_told_that_its_session_is_not_there() =>
        Finds(FinalRule.Name, "Missing", WithClient((records) => records.Add(Record(9, ClientRecordKind.Missing, "404"))));

    [Fact]
    public void Two_finals_at_the_client() => Finds(FinalRule.Name, "its client has 2 finals", WithClient((records) => records.Add(records[4])));

    [Fact]
    public void A_gap_at_the_client() => Finds(ReaderRule.Name, "event 4 came at broker-1 where 3 was due", WithClient((records) => records.RemoveAt(2)));

    [Fact]
    public void A_repeat_at_the_client() =>
        Finds(ReaderRule.Name, "event 2 came at broker-2 where 3 was due", WithClient((records) => records.Insert(2, records[1] with { Broker = "broker-2" })));

    [Fact]
    public void A_line_that_the_client_has_otherwise() => Finds(ReaderRule.Name, "and is stored as", WithClient(
        (records) => records[2] = records[2] with { Text = records[2].Text.Replace("hi", "ho", StringComparison.Ordinal) }));

    [Fact]
    public void A_line_that_another_broker_has_otherwise() => Finds(ReaderRule.Name, "read again at broker-1", WithClient((records) => records.AddRange(
        records[..5].Select((record) => record with { Kind = ClientRecordKind.ReadAgain, Text = record.Text.Replace("hi", "ho", StringComparison.Ordinal) }))));

    [Fact]
    public void A_client_that_is_told_too_little() => Finds(ReaderRule.Name, "it ends before event 5 of 5", WithClient((records) => records.RemoveAt(4)));

    [Fact]
    public void An_event_that_is_sent_and_not_stored() => Finds(ReaderRule.Name, "and is not stored", WithEvents((events) => events.RemoveAt(4)));

    [Fact]
    public void A_tool_call_that_is_carried_out_twice() =>
        Finds(OnceRule.Name, "the call c_1 was carried out 2 times", Good() with { Tools = [.. Good().Tools, Good().Tools[0] with { Token = "aa:0:2" }] });

    [Fact]
    public void A_second_run() => Finds(
        OnceRule.Name, "step 0 was carried out 2 times", Good() with { Tools = [.. Good().Tools, Good().Tools[0] with { Call = "c_9", Token = "aa:0:2" }] });

    [Fact]
    public void A_second_run_that_only_the_log_shows() => Finds(OnceRule.Name, "the script made step 0 2 times", WithEvents(
        (events) => events[2] = Event(3, "tool_call", """{"callId":"c_2","toolName":"work:step","args":{"nonce":"aa","step":0,"wait":0}}""")));

    [Fact]
    public void A_call_that_the_brokers_carried_out_twice() =>
        Finds(OnceRule.Name, "the brokers carried it out 2 times", Good() with { Notes = ["aa 0", "aa 0"] });

    [Fact]
    public void A_call_that_the_brokers_carried_out_before_it_was_stored() =>
        Finds(OnceRule.Name, "the brokers carried it out, and its event is not stored", Good() with { Notes = ["aa 8"] });

    [Fact]
    public void A_call_that_was_never_stored() => Finds(
        OnceRule.Name, "its event is not stored", Good() with { Tools = [.. Good().Tools, new ToolRecord(2 * Second, "s_aa", "c_7", "aa", 7, "aa:7:7")] });

    [Fact]
    public void An_answer_that_went_astray() =>
        Finds(OnceRule.Name, "the script was answered", Good() with { Tools = [Good().Tools[0] with { Token = "aa:0:99" }] });

    [Fact]
    public void A_wait_in_calm_that_is_longer_than_the_fair_queue_makes_it() => Finds(WaitRule.Name, "in calm with 1 before it", Late(20, []));

    [Fact]
    public void A_wait_under_faults_that_is_longer_than_any_may_be() =>
        Finds(WaitRule.Name, "under faults", Late(60, [new Fault(FaultKind.KillBroker, "broker-1", 3 * Second, 5 * Second)]));

    [Fact]
    public void A_wait_that_a_fault_explains_is_none() =>
        Assert.Empty(Checker.Check(Late(20, [new Fault(FaultKind.KillBroker, "broker-1", 3 * Second, 5 * Second)])));

    [Fact]
    public void A_session_behind_the_flood_of_another_tenant_goes_before_the_rest_of_it()
    {
        // Fifty sessions of one tenant wait, and one of another: two tenants take turns before it, not fifty sessions.
        StoredSession[] flood =
            [.. Enumerable.Range(0, 50).Select((n) => Stored() with { Key = n + 10, Id = $"s_flood{n}", Owner = ":tenant-09", EndedAt = 30 * Second })];
        Evidence evidence = Late(20, []) with { Slots = 6 };

        Wait wait = WaitRule.Measure(evidence with { Store = [.. evidence.Store, .. flood] }).Single((one) => one.Session == "s_aa");

        Assert.Equal(2, wait.Ahead);
        Assert.True(wait.Waited > wait.Bound, $"{wait.Waited} of {wait.Bound}");
    }

    private static void Finds(string rule, string what, Evidence evidence)
    {
        IReadOnlyList<Finding> found = Checker.Check(evidence);
        Assert.Contains(found, (finding) => finding.Rule == rule && finding.What.Contains(what, StringComparison.Ordinal));
    }

    private static Evidence Good() => new()
    {
        Plan = [s_planned],
        Store = [Stored()],
        Clients = Records(),
        Tools = [new ToolRecord(2 * Second, "s_aa", "c_1", "aa", 0, "aa:0:1")],
        Notes = ["aa 0"],
        Faults = [],
        Slots = 12,
        Brokers = 3,
    };

    private static StoredSession Stored() => new(1, ":tenant-01", "s_aa", 7, Second, 3 * Second,
    [
        Event(1, "session_init", """{"cancelUrl":"/"}"""),
        Event(2, "tool_call", """{"callId":"c_1","toolName":"work:step","args":{"nonce":"aa","step":0,"wait":0}}"""),
        Event(3, "stdout", """{"chunk":"hi\n"}"""),
        Event(4, "tool_result_applied", """{"callId":"c_1"}"""),
        Event(5, "final", """{"ok":true,"result":["aa:0:1"]}"""),
    ]);

    private static StoredEvent Event(long seq, string type, string payload) =>
        new(seq, type, $$"""{"protocolVersion":1,"sessionId":"s_aa","seq":{{seq}},"type":"{{type}}","payload":{{payload}}}""" + "\n");

    private static List<ClientRecord> Records() =>
        [.. Stored().Events.Select((happened) => Record(happened.Seq, ClientRecordKind.Line, happened.Line.TrimEnd('\n')))];

    private static ClientRecord Record(long seconds, ClientRecordKind kind, string text) => new(seconds * Second, "tenant-01", "s_aa", "broker-1", kind, text);

    private static Evidence WithEvents(Action<List<StoredEvent>> change)
    {
        List<StoredEvent> events = [.. Stored().Events];
        change(events);
        return Good() with { Store = [Stored() with { Events = events }] };
    }

    private static Evidence WithClient(Action<List<ClientRecord>> change)
    {
        List<ClientRecord> records = Records();
        change(records);
        return Good() with { Clients = records };
    }

    private static Evidence Late(long seconds, IReadOnlyList<Fault> faults) => Good() with
    {
        Store = [Stored() with { EndedAt = (seconds + 2) * Second }],
        Clients = [.. Records().Select((record) => record with { At = record.At + (seconds * Second) })],
        Faults = faults,
    };
}
