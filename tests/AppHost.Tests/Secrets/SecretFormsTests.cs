using System.Text;

namespace ApiSvc.AppHost.Tests.Secrets;

/// <summary>What the search would find, were it there.</summary>
public sealed class SecretFormsTests
{
    private const string Secret = "s3cr3t/with+all=kinds & of it: ~";

    private readonly SecretForms _forms = new();

    public SecretFormsTests() => _forms.Add("it", Secret);

    [Fact]
    public void FindIn_EveryForm_FindsIt()
    {
        var bytes = Encoding.UTF8.GetBytes(Secret);
        string[] texts =
        [
            $"a log line with {Secret} in it",
            $"GET /?key={Uri.EscapeDataString(Secret)}",
            Convert.ToHexString(bytes),
            $"\\\\x0a{Convert.ToHexStringLower(bytes)}00",
            .. Enumerable
                .Range(0, 6)
                .Select(n =>
                    Convert.ToBase64String(
                        Encoding.UTF8.GetBytes(new string('x', n) + Secret + "y")
                    )
                ),
            .. Enumerable
                .Range(0, 6)
                .Select(n =>
                    System.Buffers.Text.Base64Url.EncodeToString(
                        Encoding.UTF8.GetBytes(new string('x', n) + Secret)
                    )
                ),
        ];
        foreach (var text in texts)
        {
            _forms.FindIn(text).ShouldNotBeEmpty(text);
        }
    }

    [Fact]
    public void FindIn_AnythingElse_FindsNothing() =>
        _forms.FindIn($"{Secret[1..]} {Secret[..^1]}").ShouldBeEmpty();
}
