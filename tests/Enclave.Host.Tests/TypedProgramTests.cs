using System.Text.Json.Nodes;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>TypeScript as models write it: classes of errors, enums, parameter properties, generics. All of it runs under the preset javascript.</summary>
public sealed class TypedProgramTests(TypedProgramTests.Hosts hosts) : IClassFixture<TypedProgramTests.Hosts>
{
    public static TheoryData<string, string> Programs => new()
    {
        {
            """
            enum Status { Open = 'open', Closed = 'closed' }
            interface Ticket { id: number; status: Status }
            const tickets: Ticket[] = [{ id: 1, status: Status.Open }, { id: 2, status: Status.Closed }];
            return tickets.filter((t) => t.status === Status.Open).map((t) => t.id);
            """, "[1]"
        },
        {
            """
            enum Level { Debug, Info, Warn = 10, Error }
            return [Level.Debug, Level.Error, Level[10], Object.keys(Level).filter((k) => isNaN(Number(k)))];
            """, "[0,11,\"Warn\",[\"Debug\",\"Info\",\"Warn\",\"Error\"]]"
        },
        {
            """
            enum Permission { None = 0, Read = 1 << 0, Write = 1 << 1, All = Read | Write }
            const has = (granted: Permission, asked: Permission): boolean => (granted & asked) === asked;
            return [has(Permission.All, Permission.Write), has(Permission.Read, Permission.Write)];
            """, "[true,false]"
        },
        {
            """
            const enum Direction { Up = 1, Down, Left, Right }
            function turn(d: Direction): Direction { return d === Direction.Right ? Direction.Up : d + 1; }
            return turn(Direction.Right) + turn(Direction.Up);
            """, "3"
        },
        {
            """
            class NotFoundError extends Error {
              constructor(message: string, public readonly id: number) {
                super(message);
                this.name = 'NotFoundError';
              }
            }
            try { throw new NotFoundError('no such order', 7); }
            catch (error) {
              if (error instanceof NotFoundError) return { name: error.name, message: error.message, id: error.id };
              throw error;
            }
            """, """{"name":"NotFoundError","message":"no such order","id":7}"""
        },
        {
            """
            class ValidationError extends Error {
              readonly code = 'INVALID';
              constructor(private readonly field: string, message = `${field} is wrong`) {
                super(message);
                Object.setPrototypeOf(this, ValidationError.prototype);
              }
              describe(): string { return `${this.code}: ${this.message} (${this.field})`; }
            }
            try { throw new ValidationError('age'); } catch (e: unknown) { return (e as ValidationError).describe(); }
            """, "\"INVALID: age is wrong (age)\""
        },
        {
            """
            class Cart {
              private items: Map<string, number> = new Map();
              constructor(private readonly currency: string, protected discount = 0) {}
              add(name: string, price: number): this { this.items.set(name, price); return this; }
              get total(): number { let sum = 0; for (const price of this.items.values()) sum += price; return sum * (1 - this.discount); }
              toString(): string { return `${this.total} ${this.currency}`; }
            }
            return String(new Cart('EUR', 0.5).add('a', 10).add('b', 20));
            """, "\"15 EUR\""
        },
        {
            """
            abstract class Shape {
              constructor(protected readonly name: string) {}
              abstract area(): number;
              describe(): string { return `${this.name}: ${this.area()}`; }
            }
            class Square extends Shape { constructor(private side: number) { super('square'); } area(): number { return this.side ** 2; } }
            class Box extends Shape { constructor(public w: number, public h: number) { super('box'); } override area() { return this.w * this.h; } }
            const shapes: Shape[] = [new Square(3), new Box(2, 5)];
            return shapes.map((s) => s.describe());
            """, """["square: 9","box: 10"]"""
        },
        {
            """
            type Result<T, E = Error> = { ok: true; value: T } | { ok: false; error: E };
            const parse = <T,>(text: string): Result<T> => {
              try { return { ok: true, value: JSON.parse(text) as T }; } catch (e) { return { ok: false, error: e as Error }; }
            };
            const good = parse<{ a: number }>('{"a":1}'), bad = parse('{');
            return [good.ok && good.value.a, bad.ok ? null : bad.error.name];
            """, """[1,"SyntaxError"]"""
        },
        {
            """
            enum Op { Add = '+', Mul = '*' }
            type Expr = { kind: 'num'; value: number } | { kind: 'op'; op: Op; left: Expr; right: Expr };
            function evaluate(e: Expr): number {
              switch (e.kind) {
                case 'num': return e.value;
                case 'op': {
                  const l = evaluate(e.left), r = evaluate(e.right);
                  switch (e.op) { case Op.Add: return l + r; case Op.Mul: return l * r; default: { const never: never = e.op; return never; } }
                }
              }
            }
            const n = (value: number): Expr => ({ kind: 'num', value });
            return evaluate({ kind: 'op', op: Op.Add, left: n(2), right: { kind: 'op', op: Op.Mul, left: n(3), right: n(4) } });
            """, "14"
        },
        {
            """
            class Stack<T> {
              private items: T[] = [];
              push(x: T): void { this.items.push(x); }
              pop(): T | undefined { return this.items.pop(); }
              get size() { return this.items.length; }
            }
            const s = new Stack<number>(); s.push(1); s.push(2);
            return [s.pop()!, s.size];
            """, "[2,1]"
        },
        {
            """
            enum Weekday { Mon = 1, Tue, Wed }
            const names: Record<Weekday, string> = { [Weekday.Mon]: 'Monday', [Weekday.Tue]: 'Tuesday', [Weekday.Wed]: 'Wednesday' };
            return Object.values(Weekday).filter((v): v is Weekday => typeof v === 'number').map((d) => names[d]);
            """, """["Monday","Tuesday","Wednesday"]"""
        },
        {
            """
            const prefix = 'evt_';
            enum EventName { Created = `${prefix}created`, Deleted = prefix + 'deleted' }
            enum Size { Small = 'abc'.length, Large = Small * 10 }
            return [EventName.Created, EventName.Deleted, Size.Large, Size[3]];
            """, """["evt_created","evt_deleted",30,"Small"]"""
        },
        {
            """
            interface Repository<T extends { id: string }> { find(id: string): Promise<T | undefined>; save(item: T): Promise<void>; }
            class MemoryRepository<T extends { id: string }> implements Repository<T> {
              constructor(private readonly store: Map<string, T> = new Map()) {}
              async find(id: string): Promise<T | undefined> { return this.store.get(id); }
              async save(item: T): Promise<void> { this.store.set(item.id, item); }
            }
            class Service { constructor(private readonly repo: Repository<{ id: string; n: number }>) {} async bump(id: string): Promise<number> {
              const found = await this.repo.find(id); const next = { id, n: (found?.n ?? 0) + 1 }; await this.repo.save(next); return next.n; } }
            const service = new Service(new MemoryRepository());
            await service.bump('a');
            return await service.bump('a');
            """, "2"
        },
        {
            """
            declare enum Outer { A }
            declare const config: { x: number };
            function plan(): string { enum Step { First, Second } const order = [Step.Second, Step.First]; return order.map((s) => Step[s]).join(','); }
            return plan();
            """, "\"Second,First\""
        },
        {
            """
            enum Color { Red, Green }
            enum Color { Blue = 2 }
            class HttpError extends Error { constructor(public status: number, msg?: string) { super(msg ?? `HTTP ${status}`); this.name = new.target.name; } }
            class Teapot extends HttpError { constructor() { super(418); } }
            let caught: HttpError | null = null;
            try { throw new Teapot(); } catch (e) { caught = e as HttpError; }
            return [Color.Blue, Color[1], caught!.status, caught!.name, caught instanceof HttpError, caught instanceof Error];
            """, """[2,"Green",418,"Teapot",true,true]"""
        },
        {
            """
            class Counter {
              static instances = 0; #n = 0;
              constructor(private step = 1) { Counter.instances++; }
              next(): number { return this.#n += this.step; }
            }
            const a = new Counter(), b = new Counter(5); a.next(); b.next();
            return [a.next(), b.next(), Counter.instances, Object.keys(b)];
            """, """[2,10,2,["step"]]"""
        },
        {
            """
            type State = 'idle' | 'busy';
            enum Signal { Start, Stop }
            class Machine { private state: State = 'idle'; private readonly log: string[] = [];
              private static readonly table: Record<State, Partial<Record<Signal, State>>> = {
                idle: { [Signal.Start]: 'busy' }, busy: { [Signal.Stop]: 'idle' },
              };
              constructor(private readonly name: string) {}
              send(signal: Signal): this {
                const next = Machine.table[this.state][signal];
                if (next) { this.log.push(`${this.name}:${this.state}->${next} on ${Signal[signal]}`); this.state = next; }
                return this;
              }
              get history(): readonly string[] { return this.log; } }
            return new Machine('m').send(Signal.Stop).send(Signal.Start).send(Signal.Stop).history;
            """, """["m:idle->busy on Start","m:busy->idle on Stop"]"""
        },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_runs_as_it_is_meant(string program, string value)
    {
        ExecutionResult result = await Within.Deadline(hosts.JavaScript.RunAsync(program), "run");

        Assert.True(result.Success, result.Error?.ToModelText());
        string given = result.Value.ToJsonString();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(value), JsonNode.Parse(given)), $"{given} in place of {value}");
    }

    [Fact]
    public async Task An_error_within_an_enum_or_an_assigned_field_is_at_the_authors_place()
    {
        ExecutionResult inEnum = await Within.Deadline(hosts.JavaScript.RunAsync("const o: any = null;\nenum E {\n  A,\n  B = o.x,\n}\nreturn E.A"), "run");
        ExecutionResult inField = await Within.Deadline(
            hosts.JavaScript.RunAsync(
                "class B { }\nclass A extends B {\n  constructor(\n    readonly y = 1,\n    \n    z = null.a) {\n    super() } }\nnew A()"), "run");

        Assert.Contains("script.js:4:9", inEnum.Error!.Stack, StringComparison.Ordinal);
        Assert.Contains("script.js:6:14", inField.Error!.Stack, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_value_of_a_program_that_ends_with_an_enum_is_none()
    {
        ExecutionResult result = await Within.Deadline(hosts.JavaScript.RunAsync("1;\nenum E { A }\nenum E { B = 1 }"), "run");

        Assert.True(result.Success, result.Error?.Message);
        Assert.DoesNotContain("A", result.Value.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_main_function_beside_an_enum_runs()
    {
        ModelProgram program = ModelText.ExtractProgram("```ts\nexport enum E { A = 4 }\nexport async function main(): Promise<number> { return E.A; }\n```");

        ExecutionResult result = await Within.Deadline(hosts.JavaScript.RunAsync(program.Source!, new RunOptions { Language = program.Language }), "run");

        Assert.Equal("4", result.Value.ToJsonString());
    }

    [Fact]
    public async Task An_enum_runs_under_agentscript_at_STRICT()
    {
        TestLauncher.NeedsLevel(SecurityLevel.Strict);
        await using var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = SecurityLevel.Strict });

        ExecutionResult result = await Within.Deadline(host.RunAsync("enum Kind { A, B = 5, C }\nconst k: Kind = Kind.C;\nreturn [k, Kind[5]]"), "run");

        Assert.True(result.Success, result.Error?.ToModelText());
        Assert.Equal("[6,\"B\"]", result.Value.ToJsonString());
    }

    /// <summary>The host of all programs.</summary>
    public sealed class Hosts : IAsyncDisposable
    {
        public EnclaveHost JavaScript { get; } =
            new(new EnclaveOptions { SecurityLevel = SecurityLevel.Standard, Preset = Guard.GuardPreset.JavaScript, VerboseErrors = true });

        public ValueTask DisposeAsync() => JavaScript.DisposeAsync();
    }
}
