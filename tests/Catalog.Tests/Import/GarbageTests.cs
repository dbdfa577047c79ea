using System.Text;
using ApiSvc.Catalog.Import;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.Catalog.Tests.Import;

/// <summary>Whatever comes, there is an answer: no exception, no endless work.</summary>
public sealed class GarbageTests
{
    [Theory]
    [InlineData("", "empty", 0)]
    [InlineData(" \n\t\n", "empty", 0)]
    [InlineData("# only a comment", "empty", 0)]
    [InlineData("hello", "not_openapi", 1)]
    [InlineData("[1,2]", "not_openapi", 1)]
    [InlineData("{}", "not_openapi", 1)]
    [InlineData("<html><body>no</body></html>", "not_openapi", 1)]
    [InlineData("{\n\"openapi\":\n\"3.0.0\",\n}", "malformed", 4)]
    [InlineData("{\"openapi\":\"3.0.0\"", "malformed", 1)]
    [InlineData("{\"openapi\":\"3.0.0\"} {}", "malformed", 1)]
    [InlineData("a: b\n c: d", "malformed", 2)]
    [InlineData("a: *none", "malformed", 1)]
    [InlineData("? [a]\n: b", "malformed", 1)]
    [InlineData("openapi: 3.0.0\n---\na: b", "malformed", 2)]
    [InlineData("a: &a [*a]", "alias_expansion", 1)]
    [InlineData("\nswagger: '1.2'", "unsupported_version", 2)]
    [InlineData("openapi: 3.2.0", "unsupported_version", 1)]
    [InlineData("openapi: 4", "unsupported_version", 1)]
    [InlineData("openapi: 3.0", "unsupported_version", 1)]
    [InlineData("openapi: 3.0.0\nswagger: '2.0'", "unsupported_version", 1)]
    [InlineData("openapi: [3]", "not_openapi", 1)]
    public void Read_NoDocument_SaysWhy(string text, string code, int line)
    {
        var problem = Documents.Refusal(text);

        (problem.Code, problem.Line).ShouldBe((code, line), problem.Message);
        problem.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public void Read_NotUtf8_NamesTheLine()
    {
        var result = SpecificationImport.Read(
            Encoding.Latin1.GetBytes("openapi: 3.0.0\ninfo:\n  title: Bücher"),
            ImportLimits.Default
        );

        result.Problem!.Code.ShouldBe("not_utf8");
        result.Problem.Line.ShouldBe(3);
    }

    [Fact]
    public void Read_ByteOrderMark_IsSkipped() =>
        SpecificationImport
            .Read(
                (byte[])[0xEF, 0xBB, 0xBF, .. Documents.Utf8(Documents.Yaml30("  /a: {}"))],
                ImportLimits.Default
            )
            .IsRead.ShouldBeTrue();

    [Fact]
    public void Read_TooLarge_IsRefusedUnread() =>
        SpecificationImport
            .Read(new byte[65 * 1024 * 1024], ImportLimits.Default)
            .Problem!.Code.ShouldBe("too_large");

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("a: [", "]")]
    public void Read_TooDeep_IsRefused(string open, string close)
    {
        var text =
            string.Concat(Enumerable.Repeat(open.TrimStart('a', ':', ' '), 100_000))
            + "1"
            + string.Concat(Enumerable.Repeat(close, 100_000));

        Documents.Refusal(open.StartsWith('a') ? "a: " + text : text).Code.ShouldBe("too_deep");
    }

    [Fact]
    public void Read_AtTheDepth_IsRead()
    {
        var inner =
            string.Concat(Enumerable.Repeat("[", 254)) + string.Concat(Enumerable.Repeat("]", 254));

        Documents
            .Import(
                "{\"openapi\":\"3.0.0\",\"info\":{\"title\":\"t\",\"version\":\"1\"},\"paths\":{\"x-a\":"
                    + inner
                    + "}}"
            )
            .HasErrors.ShouldBeFalse();
    }

    [Fact]
    public void Read_AliasBomb_IsRefusedSoon()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 12; i++)
        {
            bomb.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n"
            );
        }

        var problem = Documents.Refusal(bomb.ToString());

        problem.Code.ShouldBe("alias_expansion");
        problem.Line.ShouldBe(7);
    }

    [Fact]
    public void Read_AliasesThatNestDeep_AreRefused()
    {
        var text = new StringBuilder("a0: &a0 [[[[[[[[[[[]]]]]]]]]]]\n");
        for (var i = 1; i < 60; i++)
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"a{i}: &a{i} [[[[[[[[[[*a{i - 1}]]]]]]]]]]\n"
            );
        }

        Documents.Refusal(text.ToString()).Code.ShouldBe("too_deep");
    }

    [Fact]
    public void Read_TooManyValues_IsRefused() =>
        Documents
            .Refusal(
                $"[{string.Join(',', Enumerable.Repeat("1", 1000))}]",
                ImportLimits.Default with
                {
                    MaxNodes = 500,
                }
            )
            .Code.ShouldBe("too_complex");

    [Fact]
    public void Read_TooManyOperations_IsRefused() =>
        Documents
            .Refusal(
                Documents.Yaml30(
                    string.Join(
                        '\n',
                        Enumerable.Range(0, 11).Select(i => $"  /a{i}: {{ get: {{}} }}")
                    )
                ),
                ImportLimits.Default with
                {
                    MaxOperations = 10,
                }
            )
            .Code.ShouldBe("too_complex");

    [Fact]
    public void Read_ReferencesInCircles_Ends()
    {
        var document = Documents.Import(
            Documents.Yaml30(
                "  /a: { $ref: '#/paths/~1b' }\n  /b: { $ref: '#/paths/~1a' }\n  /c: { $ref: '#/paths/~1c' }"
            )
        );

        document.Operations.ShouldBeEmpty();
        document.Said("circular_reference").Count().ShouldBe(3);
    }

    [Fact]
    public void Read_AnyBytes_Answers() =>
        Prop.ForAll<byte[]>(bytes => Answers(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Read_DamagedDocument_Answers()
    {
        var json = Documents.Utf8(
            """{"openapi":"3.0.3","info":{"title":"t","version":"1"},"servers":[{"url":"https://{a}","variables":{"a":{"default":"b"}}}],"paths":{"/a/{b}":{"parameters":[{"$ref":"#/components/parameters/p"}],"post":{"requestBody":{"content":{"a/b":{"schema":{}}}},"security":[{"k":[]}],"responses":{"200":{"description":"d"}}}}},"components":{"parameters":{"p":{"name":"b","in":"path","required":true,"schema":{}}},"securitySchemes":{"k":{"type":"http","scheme":"basic"}}}}"""
        );
        var yaml = Documents.Utf8(
            "openapi: 3.0.3\ninfo: &i {title: t, version: '1'}\npaths:\n  /a:\n    get: &g\n      tags: [a, *i]\n      responses: {200: {description: >-\n          d\n          e}}\n    put:\n      <<: *g\n      summary: |\n        x\n"
        );
        var damage = Gen.Choose(0, 1)
            .SelectMany(which =>
                Gen.Choose(0, (which == 0 ? json : yaml).Length - 1)
                    .SelectMany(at =>
                        Gen.Elements("{}[]:,\"'&*<>|-# \n\t0x\\%!?".ToCharArray())
                            .SelectMany(c =>
                                Gen.Choose(0, 2)
                                    .Select(how =>
                                        Damaged(which == 0 ? json : yaml, at, (byte)c, how)
                                    )
                            )
                    )
            );

        Prop.ForAll(damage.ToArbitrary(), Answers)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    private static byte[] Damaged(byte[] document, int at, byte c, int how) =>
        how switch
        {
            0 => [.. document[..at], c, .. document[(at + 1)..]],
            1 => [.. document[..at], c, .. document[at..]],
            _ => [.. document[..at], .. document[(at + 1)..]],
        };

    private static bool Answers(byte[] bytes)
    {
        var result = SpecificationImport.Read(bytes, ImportLimits.Default);
        return result.IsRead
            ? result.Document.Findings.All(finding =>
                finding.Line >= 0 && finding.Message.Length > 0
            )
            : result.Problem.Message.Length > 0;
    }
}
