using System.Text;
using ApiSvc.Gateway.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.Gateway.Tests.Routing;

public sealed class RequestPathTests
{
    private static readonly string[] Pieces =
    [
        "/",
        "/",
        "/",
        "a",
        "b",
        ".",
        "..",
        "%2e",
        "%2E",
        "%41",
        "%7e",
        "%20",
        "%2f",
        "%5C",
        "%25",
        "2e",
        ";",
        ";x=1",
        "%c3%a9",
        "%C0%AE",
        "%00",
        "%",
        "{",
        "|",
        "\\",
        "é",
        "#",
        " ",
        "%3b",
        "~",
        "*",
    ];

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/b/", "/a/b/")]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a/%2e%2E/b", "/b")]
    [InlineData("/a/.%2e/b", "/b")]
    [InlineData("/a//b", "/a/b")]
    [InlineData("//a", "/a")]
    [InlineData("/a//", "/a/")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/...", "/...")]
    [InlineData("/a/..b/.c", "/a/..b/.c")]
    [InlineData("/%41%7e%2D", "/A~-")]
    [InlineData("/a%2cb%3b", "/a%2Cb%3B")]
    [InlineData("/caf%c3%a9", "/caf%C3%A9")]
    [InlineData("/100%25", "/100%25")]
    [InlineData("/a|b{c}[d]^`\"<>", "/a%7Cb%7Bc%7D%5Bd%5D%5E%60%22%3C%3E")]
    [InlineData("/a;x=1/b;y", "/a;x=1/b;y")]
    [InlineData("/@scope:(x),y!$&'*+=", "/@scope:(x),y!$&'*+=")]
    public void TryNormalize_Path_IsInItsForm(string raw, string expected) =>
        Normalize(raw).ShouldBe((expected, PathFault.None));

    [Theory]
    [InlineData("", PathFault.NotAbsolute)]
    [InlineData("*", PathFault.NotAbsolute)]
    [InlineData("a/b", PathFault.NotAbsolute)]
    [InlineData("http://host/a", PathFault.NotAbsolute)]
    [InlineData("/..", PathFault.AboveRoot)]
    [InlineData("/a/../..", PathFault.AboveRoot)]
    [InlineData("/%2e%2e/a", PathFault.AboveRoot)]
    [InlineData("/a%2fb", PathFault.EncodedSeparator)]
    [InlineData("/a/..%2Fb", PathFault.EncodedSeparator)]
    [InlineData("/a%5cb", PathFault.EncodedSeparator)]
    [InlineData("/a\\b", PathFault.InvalidByte)]
    [InlineData("/a/..\\b", PathFault.InvalidByte)]
    [InlineData("/a b", PathFault.InvalidByte)]
    [InlineData("/a#b", PathFault.InvalidByte)]
    [InlineData("/é", PathFault.InvalidByte)]
    [InlineData("/a\u007f", PathFault.InvalidByte)]
    [InlineData("/a\0", PathFault.InvalidByte)]
    [InlineData("/a%00", PathFault.EncodedControl)]
    [InlineData("/a%0d%0a", PathFault.EncodedControl)]
    [InlineData("/a%7F", PathFault.EncodedControl)]
    [InlineData("/a%", PathFault.InvalidEncoding)]
    [InlineData("/a%4", PathFault.InvalidEncoding)]
    [InlineData("/a%zz", PathFault.InvalidEncoding)]
    [InlineData("/a%u0041", PathFault.InvalidEncoding)]
    [InlineData("/%c0%ae%c0%ae/a", PathFault.InvalidEncoding)]
    [InlineData("/%c3", PathFault.InvalidEncoding)]
    [InlineData("/%c3/%a9", PathFault.InvalidEncoding)]
    [InlineData("/%ed%a0%80", PathFault.InvalidEncoding)]
    [InlineData("/%252e%252e/a", PathFault.DoubleEncoding)]
    [InlineData("/a%252fb", PathFault.DoubleEncoding)]
    [InlineData("/a%2525255Cb", PathFault.DoubleEncoding)]
    [InlineData("/a/..;x=1/b", PathFault.AmbiguousSegment)]
    [InlineData("/a/.;/b", PathFault.AmbiguousSegment)]
    [InlineData("/a/%2e%2e;/b", PathFault.AmbiguousSegment)]
    [InlineData("/a/;x/b", PathFault.AmbiguousSegment)]
    [InlineData("/;", PathFault.AmbiguousSegment)]
    [InlineData("/a//../b", PathFault.AmbiguousSegment)]
    [InlineData("/a//b/../c", PathFault.AmbiguousSegment)]
    [InlineData("/a?b#c", PathFault.InvalidByte)]
    [InlineData("/a?b c", PathFault.InvalidByte)]
    public void TryNormalize_WhatCanBeReadInTwoWays_IsRefused(string raw, object fault) =>
        Normalize(raw).ShouldBe(("", (PathFault)fault));

    [Theory]
    [InlineData("/a?", "/a", "", true)]
    [InlineData("/a", "/a", "", false)]
    [InlineData("/a/../b?x=/../%2f?y", "/b", "x=/../%2f?y", true)]
    public void TryNormalize_Query_StaysAsItIs(string raw, string path, string query, bool hasQuery)
    {
        var target = Encoding.UTF8.GetBytes(raw);
        RequestPath.TryNormalize(target, new byte[64], out var result).ShouldBeTrue();

        Encoding.UTF8.GetString(result.Path).ShouldBe(path);
        Encoding.UTF8.GetString(result.Query).ShouldBe(query);
        result.HasQuery.ShouldBe(hasQuery);
    }

    [Fact]
    public void TryNormalize_AnyBufferTooSmall_IsTooLong()
    {
        var target = Encoding.UTF8.GetBytes("/a/./|/b%c3%a9/..");
        RequestPath.TryNormalize(target, new byte[3 * target.Length], out _).ShouldBeTrue();
        for (var size = 0; size < 8; size++)
        {
            RequestPath.TryNormalize(target, new byte[size], out var path).ShouldBeFalse();
            path.Fault.ShouldBe(PathFault.TooLong);
        }
    }

    [Fact]
    public void TryNormalize_AnyPath_IsAsTheModelSays()
    {
        var paths = Gen.Elements(Pieces).ArrayOf().Select(p => "/" + string.Concat(p));
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                paths.ToArbitrary(),
                raw =>
                {
                    var (path, fault) = Normalize(raw);
                    var expected = PathModel.Normalize(raw);
                    if (fault != PathFault.None)
                    {
                        expected.ShouldBeNull(raw);
                        return;
                    }

                    path.ShouldBe(expected, raw);
                    Normalize(path).ShouldBe((path, PathFault.None), "it changes what is normal");
                }
            )
        );
    }

    [Fact]
    public void TryNormalize_AnyBytes_NeitherThrowsNorLeavesSomethingToClimb()
    {
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                ArbMap.Default.GeneratorFor<byte[]>().ToArbitrary(),
                bytes =>
                {
                    byte[] target = [(byte)'/', .. bytes];
                    if (RequestPath.TryNormalize(target, new byte[3 * target.Length], out var path))
                    {
                        var text = Encoding.Latin1.GetString(path.Path);
                        text.Split('/').ShouldNotContain("..");
                        text.ShouldNotContain("//");
                    }
                }
            )
        );
    }

    [Theory]
    [InlineData("/shop/orders/0192f5c4/items?page=2")]
    [InlineData("/shop//orders/%7e/../a|b")]
    [InlineData("/shop/%2f")]
    public void TryNormalize_AnyTarget_AllocatesNothing(string raw)
    {
        var target = Encoding.UTF8.GetBytes(raw);
        var buffer = new byte[3 * target.Length];
        Allocations.Of(() => RequestPath.TryNormalize(target, buffer, out _)).ShouldBe(0);
    }

    [Theory]
    [InlineData("café", "caf%C3%A9")]
    [InlineData("caf%c3%a9", "caf%C3%A9")]
    [InlineData("%41 b", "A%20b")]
    [InlineData("a%", "a%25")]
    [InlineData("a?b", null)]
    [InlineData("#X", null)]
    [InlineData("a%2Fb", null)]
    public void NormalizeLiteral_TextOfATemplate_IsAsRequestsAre(string text, string? expected) =>
        (
            RequestPath.NormalizeLiteral(text) is { } bytes ? Encoding.ASCII.GetString(bytes) : null
        ).ShouldBe(expected);

    private static (string Path, PathFault Fault) Normalize(string raw)
    {
        var target = Encoding.UTF8.GetBytes(raw);
        RequestPath.TryNormalize(target, new byte[(3 * target.Length) + 3], out var path);
        return (Encoding.UTF8.GetString(path.Path), path.Fault);
    }
}
