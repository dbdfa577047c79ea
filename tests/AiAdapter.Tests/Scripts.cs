using System.Text;
using System.Text.Json;
using ApiSvc.FakeProviders;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.AiAdapter.Tests;

/// <summary>Any answers a provider may give.</summary>
internal static class Scripts
{
    private static readonly string[] Pieces =
    [
        "a",
        "Hello ",
        "\"quoted\"",
        "\\",
        "\n",
        "déjà",
        "🙂",
        "\u2028",
        "}{",
        "data: x",
        " ",
        "0",
        "[DONE]",
        "\u0001",
    ];

    public static Arbitrary<Script> Any() => Generator().ToArbitrary();

    private static Gen<Script> Generator() =>
        from reasons in Gen.Elements(0, 1)
        from reasoning in Texts()
        from signature in Gen.Elements("", "c2ln", "AbC+/=")
        from texts in Gen.Elements(0, 1)
        from text in Texts()
        from calls in Gen.Choose(0, 3)
        from arguments in Arguments().ListOf(3)
        from length in Gen.Elements(false, false, true)
        from input in Gen.Choose(1, 100_000)
        from cached in Gen.Choose(0, 50_000)
        from output in Gen.Choose(1, 9000)
        let blocks = InOrder(
            reasons == 1 ? new ScriptReasoning(reasoning, signature) : null,
            texts == 1 || calls == 0 ? new ScriptText(text) : null,
            arguments.Take(calls)
        )
        select new Script(
            blocks,
            calls > 0 ? "tools"
                : length ? "length"
                : "end",
            new(input + cached, cached, 0, output + 5, Math.Min(5, output))
        );

    private static List<ScriptBlock> InOrder(
        ScriptReasoning? reasoning,
        ScriptText? text,
        IEnumerable<string> calls
    )
    {
        List<ScriptBlock> blocks = [];
        if (reasoning is not null)
        {
            blocks.Add(reasoning);
        }

        if (text is not null)
        {
            blocks.Add(text);
        }

        blocks.AddRange(
            calls.Select((arguments, i) => new ScriptCall($"call_{i}", $"tool_{i}", arguments))
        );
        return blocks;
    }

    private static Gen<IReadOnlyList<string>> Texts() =>
        Gen.Elements(Pieces).NonEmptyListOf().Select(parts => (IReadOnlyList<string>)[.. parts]);

    private static Gen<string> Arguments() =>
        from count in Gen.Choose(0, 3)
        from values in Gen.Elements(Pieces).ListOf(3)
        select Serialized(values.Take(count));

    // Escapes nothing it need not, so that texts stay UTF-8 on the way.
    private static string Serialized(IEnumerable<string> values)
    {
        using var bytes = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                bytes,
                new()
                {
                    Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            )
        )
        {
            json.WriteStartObject();
            foreach (var (value, i) in values.Select((value, i) => (value, i)))
            {
                json.WriteString($"p{i}", value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
