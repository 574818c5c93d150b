using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Libraries;

/// <summary>Published bundles, without changes.</summary>
public sealed class BundleTests
{
    public static TheoryData<string, string, string> Uses => new()
    {
        { "_", "return _.chunk([1, 2, 3], 2)", "[[1,2],[3]]" },
        { "lodash", "return lodash.groupBy([1.2, 1.8, 2.1], Math.floor)", """{"1":[1.2,1.8],"2":[2.1]}""" },
        { "lodash", "return lodash([3, 1, 2]).filter((n) => n > 1).sortBy().map((n) => n * 2).value()", "[4,6]" },
        { "dayjs", "return dayjs('2026-01-31').add(1, 'month').format('YYYY-MM-DD')", "\"2026-02-28\"" },
        { "dateFns", "return dateFns.format(dateFns.addDays(new Date(2026, 0, 31), 1), 'yyyy-MM-dd')", "\"2026-02-01\"" },
        { "Decimal", "return Decimal.add('0.1', '0.2').toString()", "\"0.3\"" },
        { "Papa", "return Papa.parse('a,b\\n1,2', { header: true }).data", """[{"a":"1","b":"2"}]""" },
        { "math", "return math.add(math.fraction(1, 3), math.fraction(1, 6)).toFraction()", "\"1/2\"" },
        { "moment", "return moment.utc('2026-01-31').locale('de').format('MMMM')", "\"Januar\"" },
    };

    public static TheoryData<SecurityLevel> Levels => new(Enum.GetValues<SecurityLevel>());

    [Theory]
    [MemberData(nameof(Uses))]
    public async Task A_bundle_is_used_as_it_is(string name, string code, string json)
    {
        await using EnclaveHost host = LibraryHost.With(Bundles.Of(name));

        Assert.Equal(json, await host.Json(code));
        // The second job finds the same library as the first one.
        Assert.Equal(json, await host.Json(code));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task All_of_them_stand_beside_one_another_at_every_level(SecurityLevel level)
    {
        HigherLevels.NeedNative(level);
        await using EnclaveHost host = LibraryHost.At(level, [.. Bundles.Names.Select(Bundles.Of)]);

        Assert.Equal("[[[1],[2]],\"2026\",\"0.3\",\"2026-02-01\",3]", await host.Json(
            """
            return [_.chunk([1, 2], 1), dayjs('2026-05-05').format('YYYY'), Decimal.add('0.1', '0.2').toString(),
              dateFns.format(dateFns.addDays(new Date(2026, 0, 31), 1), 'yyyy-MM-dd'), math.evaluate('1 + 2')]
            """));
    }

    [Fact]
    public async Task Everything_that_a_bundle_exports_is_frozen()
    {
        await using EnclaveHost host = LibraryHost.Unguarded(SecurityLevel.Permissive, [.. Bundles.Names.Select(Bundles.Of)]);
        // Elements of views cannot be frozen. Values behind a getter are not frozen.
        string names = string.Join(", ", Bundles.Names);

        Assert.Equal("[]", await host.Json(
            $$"""
            const found = [], seen = new Set([globalThis]);
            const language = [Object, Function, Array, Error, Promise, Map, Set, Date, RegExp, Symbol, BigInt, String, Number, Boolean]
              .flatMap((type) => [type, type.prototype]);
            for (const one of language) seen.add(one);
            const look = (value, path) => {
              if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
              seen.add(value);
              // Functions of the language among the exports of a library.
              if (typeof value === 'function' && value.toString().includes('[native code]')) return;
              if (!Object.isFrozen(value) && !ArrayBuffer.isView(value)) found.push(path);
              for (const key of Reflect.ownKeys(value)) {
                const { value: inner } = Object.getOwnPropertyDescriptor(value, key);
                if (path.length < 200) look(inner, path + '.' + String(key));
              }
            };
            for (const library of [{{names}}]) look(library, 'library');
            return found.slice(0, 20);
            """));
    }

    /// <summary>Uses of bundles and attacks on them. Each returns a value that an earlier one may have changed.</summary>
    private static readonly string[] s_programs =
    [
        "return [lodash.uniqueId('a'), lodash.uniqueId('a')]", "return lodash.chain([1, 2, 3]).map((n) => n * n).reverse().value()",
        "return lodash.memoize((n) => n * 2)(21)",
        "lodash.mixin({ twice: (n) => n * 2 }); return typeof lodash.twice", "return lodash.templateSettings.variable === ''", "lodash.chunk = null",
        "lodash.prototype.map = () => 1",
        "return lodash.merge({}, JSON.parse('{\"__proto__\": { \"polluted\": 1 }}')).polluted === undefined && ({}).polluted === undefined",
        "Object.prototype.polluted = 1; return lodash.keys({ a: 1 })", "Array.prototype.map = null; return lodash.map([1], (n) => n + 1)",
        "return ({}).polluted === undefined && typeof [].map",
        "dayjs.locale('xx', { name: 'xx', months: ['x'] }); return dayjs(0).format('YYYY')", "return [dayjs.locale(), Object.keys(dayjs.Ls)]",
        "dayjs.extend((o, c) => { c.prototype.format = () => 'changed' }); return 1",
        "return dayjs('2026-02-03').format('D MMM')", "return Decimal.set({ precision: 3 }).div(1, 3).toString()", "return Decimal.div(1, 3).toString()",
        "return Decimal.random().constructor === Decimal && [Math.random(), lodash.random(1, 1000), lodash.shuffle([1, 2, 3, 4, 5, 6, 7, 8])]",
        "moment.locale('fr'); return moment.utc(0).format('MMMM')",
        "return [moment.locale(), moment.utc(0).format('MMMM')]",
    ];

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task A_job_has_the_outcome_that_it_has_in_a_fresh_worker_whatever_ran_before(SecurityLevel level)
    {
        Library[] libraries = [.. new[] { "lodash", "dayjs", "Decimal", "moment" }.Select(Bundles.Of)];
        await using EnclaveHost used = LibraryHost.Unguarded(level, libraries);
        var expected = new Dictionary<string, string>();
        foreach (string program in s_programs)
        {
            await using EnclaveHost fresh = LibraryHost.Unguarded(level, libraries);
            expected[program] = await OutcomeOf(fresh, program);
        }

        var random = new Random(20261122);
        for (int i = 0; i < TestSize.Of(50, 20_000); i++)
        {
            string program = s_programs[random.Next(s_programs.Length)];
            string outcome = await OutcomeOf(used, program);
            Assert.True(expected[program] == outcome, $"job {i}: {program}: {outcome}; in a fresh worker {expected[program]}");
        }
    }

    /// <summary>Replays: their numbers and times are the recorded ones.</summary>
    private static async Task<string> OutcomeOf(EnclaveHost host, string program)
    {
        var recording = new ExecutionRecording
        {
            Code = program,
            Options = new RunOptions(),
            SecurityLevel = SecurityLevel.Standard,
            Preset = Guard.GuardPreset.AgentScript,
            Validate = false,
            EngineVersion = "unknown",
            StartTime = DateTimeOffset.UnixEpoch,
            Seed = 42,
            Result = new ExecutionResult { Error = null, Stats = new ExecutionStats(), Stdout = "", Value = ScriptValue.Undefined },
            Libraries = new[] { "lodash", "dayjs", "Decimal", "moment" }.ToDictionary((name) => name, (name) => Bundles.Of(name).Sha256),
        };
        ExecutionResult result = (await host.ReplayAsync(recording, TestContext.Current.CancellationToken)).Result;
        return result.Success ? result.Value.ToJsonString() : $"{result.Error!.Code} {result.Error.Message}";
    }

    [Fact]
    public async Task Eight_callers_at_once_find_the_same()
    {
        EnclaveOptions options = LibraryHost.Options(SecurityLevel.Standard, Bundles.Of("lodash"), Bundles.Of("dayjs"));
        options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 2, MaxWorkers = 2 };
        await using var host = new EnclaveHost(options);

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 8).SelectMany((caller) => Enumerable.Range(0, 10).Select((_) => host.Json(
            "return [lodash.uniqueId(), lodash.sum(args.numbers), dayjs(0).year()]",
            new RunOptions { Globals = new Dictionary<string, object?> { ["args"] = new { numbers = new[] { caller, 1 } } } }))));

        Assert.All(answers.Select((answer, index) => (answer, caller: index / 10)), (one) => Assert.Equal($"[\"1\",{one.caller + 1},1970]", one.answer));
    }
}
