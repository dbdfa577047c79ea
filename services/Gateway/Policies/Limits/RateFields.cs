using System.Globalization;
using System.Text;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Policies.Limits;

/// <summary>
/// Tells the strictest of the limits that applied (draft-ietf-httpapi-ratelimit-headers-10), on answers and refusals
/// alike; in a chain that limits anything.
/// </summary>
internal sealed class RateFields : IResponsePolicy
{
    public PolicyStage Stage => PolicyStage.AddressLimit;

    public static Verdict Judge(Exchange exchange, RateDecision decision, Problem problem)
    {
        if (!decision.IsAllowed)
        {
            exchange.Rate = decision.Status;
            Span<byte> seconds = stackalloc byte[20];
            decision.RetryAfter.TryFormat(
                seconds,
                out var length,
                provider: CultureInfo.InvariantCulture
            );
            exchange.ResponseHeaders.Set(HeaderName.RetryAfter, seconds[..length]);
            return Verdict.Of(problem);
        }

        if (decision.Status.IsStricterThan(exchange.Rate))
        {
            exchange.Rate = decision.Status;
        }

        return Verdict.Continue;
    }

    public void OnResponse(Exchange exchange)
    {
        var rate = exchange.Rate;
        if (rate.Limit == 0)
        {
            return;
        }

        Span<byte> text = stackalloc byte[160];
        var name = Encoding.UTF8.GetBytes(rate.Name, text[1..]) + 2;
        text[0] = (byte)'"';
        text[name - 1] = (byte)'"';
        var length = name;
        Append(text, ref length, ";q="u8, rate.Limit);
        Append(text, ref length, ";w="u8, (ulong)rate.Window);
        exchange.ResponseHeaders.Set(HeaderName.RateLimitPolicy, text[..length]);
        length = name;
        Append(text, ref length, ";r="u8, rate.Remaining);
        Append(text, ref length, ";t="u8, (ulong)rate.Reset);
        exchange.ResponseHeaders.Set(HeaderName.RateLimit, text[..length]);
    }

    private static void Append(
        Span<byte> text,
        ref int length,
        ReadOnlySpan<byte> name,
        ulong number
    )
    {
        name.CopyTo(text[length..]);
        length += name.Length;
        number.TryFormat(text[length..], out var digits, provider: CultureInfo.InvariantCulture);
        length += digits;
    }
}
