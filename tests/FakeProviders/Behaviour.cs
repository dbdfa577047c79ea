using System.Globalization;

namespace ApiSvc.FakeProviders;

/// <summary>
/// How a provider behaves: told by the model's name, as <c>plain</c>, <c>rich</c>, <c>error:429:3</c>. Words are
/// separated by <c>+</c>: <c>rich+break:5</c>.
/// </summary>
internal sealed record Behaviour
{
    public required Script Script { get; init; }

    /// <summary>Answers with this status, and with <c>retry-after</c> if seconds are given.</summary>
    public int? Status { get; init; }

    public int? RetryAfter { get; init; }

    /// <summary>Waits so long before each event.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>The event before which something happens.</summary>
    public int? At { get; init; }

    public Ending Ending { get; init; }

    /// <summary>Sends each event on its own, not all at once.</summary>
    public bool OneByOne { get; init; }

    public static Behaviour Read(string model)
    {
        var behaviour = new Behaviour { Script = Script.Plain };
        foreach (var word in model.Split('+'))
        {
            var parts = word.Split(':');
            behaviour = behaviour.With(
                parts[0],
                [.. parts.Skip(1).Select(part => int.Parse(part, CultureInfo.InvariantCulture))]
            );
        }

        return behaviour;
    }

    private Behaviour With(string word, int[] numbers) =>
        word switch
        {
            "plain" => this,
            "rich" => this with { Script = Script.Rich },
            "tools" => this with { Script = Script.Tools },
            "json" => this with { Script = Script.Json },
            // Tells models with the same behaviour apart.
            "tag" => this,
            "reasoning" => this with { Script = Script.Thinking },
            "giant" => this with { Script = Script.Giant(numbers[0]) },
            "tokens" => this with { Script = Script.Tokens(numbers[0]), OneByOne = true },
            "slow" => this with { OneByOne = true, Pause = TimeSpan.FromMilliseconds(numbers[0]) },
            "error" => this with
            {
                Status = numbers[0],
                RetryAfter = numbers.Length > 1 ? numbers[1] : null,
            },
            "break" => this with { At = numbers[0], Ending = Ending.Break },
            "end" => this with { At = numbers[0], Ending = Ending.Cut },
            "hang" => this with { At = numbers[0], Ending = Ending.Hang },
            "malformed" => this with { At = numbers[0], Ending = Ending.Malformed },
            "html" => this with { Ending = Ending.Html },
            // As some of a cloud's models are called.
            _ when word.StartsWith("anthropic.", StringComparison.Ordinal) => this,
            _ => throw new FormatException($"'{word}' is no behaviour."),
        };
}

internal enum Ending
{
    Orderly,

    /// <summary>The connection is reset.</summary>
    Break,

    /// <summary>The answer ends as if it were whole.</summary>
    Cut,

    /// <summary>Nothing more comes, and the connection stays.</summary>
    Hang,

    /// <summary>An event that is not the format's.</summary>
    Malformed,

    /// <summary>A page with a status of success.</summary>
    Html,
}
