namespace ApiSvc.FakeProviders;

/// <summary>What a provider is told to answer, in no format's words.</summary>
internal sealed record Script(IReadOnlyList<ScriptBlock> Blocks, string Finish, ScriptUsage Usage)
{
    public string Text => Joined<ScriptText>(block => block.Text);

    public string Reasoning => Joined<ScriptReasoning>(block => block.Text);

    public IReadOnlyList<ScriptCall> Calls => [.. Blocks.OfType<ScriptCall>()];

    /// <summary>Every kind of block, in an order and with characters that are easy to get wrong.</summary>
    public static Script Rich { get; } =
        new(
            [
                new ScriptReasoning(["Let me ", "think – ", "déjà\nvu"], "c2lnbmF0dXJl"),
                new ScriptText(["Hel", "lo \"wörld\" ", "🙂 \\ ", "\u2028end"]),
                new ScriptCall("call_a1", "get_weather", """{"city":"Zürich","days":[1,2]}"""),
                new ScriptCall("call_b2", "now", "{}"),
            ],
            "tools",
            new(120, 40, 10, 33, 12)
        );

    /// <summary>As little as holds every kind of block.</summary>
    public static Script Short { get; } =
        new(
            [
                new ScriptReasoning(["dé"], "c2ln"),
                new ScriptText(["\"🙂\\", "\n"]),
                new ScriptCall("call_a1", "now", """{"c":"ü"}"""),
            ],
            "tools",
            new(12, 4, 1, 3, 1)
        );

    public static Script Plain { get; } =
        new([new ScriptText(["Hello", " there"])], "end", new(9, 0, 0, 4, 0));

    /// <summary>Two calls at once, and nothing said.</summary>
    public static Script Tools { get; } =
        new(
            [
                new ScriptCall("call_a1", "get_weather", """{"city":"Zürich"}"""),
                new ScriptCall("call_b2", "now", "{}"),
            ],
            "tools",
            new(50, 0, 0, 20, 0)
        );

    /// <summary>What a schema asks for.</summary>
    public static Script Json { get; } =
        new(
            [new ScriptText(["{\"city\":", "\"Zürich\",", "\"days\":3}"])],
            "end",
            new(20, 0, 0, 12, 0)
        );

    /// <summary>Signed reasoning before the answer.</summary>
    public static Script Thinking { get; } =
        new(
            [
                new ScriptReasoning(["First ", "this, ", "then that."], "c2lnbmF0dXJl"),
                new ScriptText(["The ", "answer."]),
            ],
            "end",
            new(30, 0, 0, 25, 15)
        );

    /// <summary>One fragment of so many characters.</summary>
    public static Script Giant(int characters) =>
        new(
            [new ScriptText([new string('x', characters)])],
            "end",
            new(10, 0, 0, characters / 4, 0)
        );

    /// <summary>So many fragments.</summary>
    public static Script Tokens(int count) =>
        new(
            [new ScriptText([.. Enumerable.Range(0, count).Select(i => $" token{i}")])],
            "end",
            new(10, 0, 0, count, 0)
        );

    private string Joined<T>(Func<T, string> text)
        where T : ScriptBlock => string.Concat(Blocks.OfType<T>().Select(text));
}

internal abstract record ScriptBlock;

internal sealed record ScriptText(IReadOnlyList<string> Fragments) : ScriptBlock
{
    public string Text => string.Concat(Fragments);
}

internal sealed record ScriptReasoning(IReadOnlyList<string> Fragments, string Signature)
    : ScriptBlock
{
    public string Text => string.Concat(Fragments);
}

internal sealed record ScriptCall(string Id, string Name, string Arguments) : ScriptBlock
{
    /// <summary>The argument text in pieces that cut through everything.</summary>
    public IEnumerable<string> Fragments
    {
        get
        {
            var runes = Arguments.EnumerateRunes().Select(rune => rune.ToString()).ToList();
            for (var i = 0; i < runes.Count; i += 3)
            {
                yield return string.Concat(runes.Skip(i).Take(3));
            }
        }
    }
}

/// <param name="Input">All of it, with what is cached and written.</param>
/// <param name="Output">All of it, with reasoning.</param>
internal sealed record ScriptUsage(
    long Input,
    long Cached,
    long Written,
    long Output,
    long Reasoning
);
