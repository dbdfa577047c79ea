using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Tests.Configuration;

public sealed class ValidatedOptionsTests
{
    [Fact]
    public async Task Start_ValidSection_IsBound()
    {
        await using var host = await StartAsync(
            new()
            {
                ["Mail:Host"] = "mail.example",
                ["Mail:Timeout"] = "00:00:05",
                ["Mail:Relays:0:Port"] = "25",
                ["mail:mode"] = "plain",
            }
        );

        var options = host.Services.GetRequiredService<IOptions<MailOptions>>().Value;
        options.Host.ShouldBe("mail.example");
        options.Timeout.ShouldBe(TimeSpan.FromSeconds(5));
        options.Mode.ShouldBe(Mode.Plain);
        options.Relays.ShouldHaveSingleItem().Port.ShouldBe(25);
    }

    [Fact]
    public async Task Start_EverythingWrong_IsReportedAtOnce()
    {
        var failure = await Should.ThrowAsync<OptionsValidationException>(async () =>
        {
            await using var host = await StartAsync(
                new()
                {
                    ["Mail:Hots"] = "mail.example",
                    ["Mail:Timeout"] = "soon",
                    ["Mail:Mode"] = "loud",
                    ["Mail:Relays:0:Port"] = "0",
                    ["Mail:Relays:1:Prot"] = "25",
                    ["Mail:Password"] = "hunter2",
                }
            );
        });

        string[] expected =
        [
            "Mail:Hots (environment variable Mail__Hots): there is no such setting. Did you mean 'Host'?",
            "Mail:Timeout (environment variable Mail__Timeout): must be a duration",
            "Mail:Mode (environment variable Mail__Mode): must be one of: Plain, Tls",
            "Mail:Relays:1:Prot (environment variable Mail__Relays__1__Prot): there is no such",
            "Mail:Relays:0:Port (environment variable Mail__Relays__0__Port): The field Port must be between",
            "Mail:Host (environment variable Mail__Host): The Host field is required.",
            "Mail:Password (environment variable Mail__Password): Must be long.",
        ];
        foreach (var text in expected)
        {
            failure.Failures.ShouldContain(f => f.StartsWith(text, StringComparison.Ordinal), text);
        }

        failure.Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Start_SecretsInSettings_AreLoggedAsStars()
    {
        await using var host = await StartAsync(
            new()
            {
                ["Mail:Host"] = "mail.example",
                ["Mail:Password"] = "correct horse battery",
                ["Mail:Recovery:a"] = "staple",
                ["Mail:Proxy"] = "http://user:pass@proxy.example/",
                ["Mail:Relays:0:ApiToken"] = "t0ken",
            }
        );

        var line = host.Log.Entries.Single(e => e.Text.Contains("Configuration of Mail")).Text;
        line.ShouldContain("Mail:Host=mail.example");
        line.ShouldContain("Mail:Timeout=00:00:30");
        line.ShouldContain("Mail:Password=***");
        line.ShouldContain("Mail:Recovery:a=***");
        line.ShouldContain("Mail:Proxy=***");
        line.ShouldContain("Mail:Relays:0:ApiToken=***");
        line.ShouldContain("Mail:Relays:0:Port=1");
    }

    private static Task<RestHost> StartAsync(Dictionary<string, string?> mail) =>
        RestHost.StartAsync(
            _ => { },
            RestHost.Keys.Concat(mail).ToDictionary(),
            builder =>
            {
                builder.Services.AddValidatedOptions<MailOptions>("Mail");

                // Twice is once.
                builder.Services.AddValidatedOptions<MailOptions>("Mail");
            }
        );

    private enum Mode
    {
        Plain,
        Tls,
    }

    private sealed class MailOptions : IValidatableObject
    {
        [Required]
        public string? Host { get; set; }

        public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

        public Mode Mode { get; set; } = Mode.Tls;

        public string? Password { get; set; }

        // Set by code, not by configuration.
        public Func<string>? Greeting { get; set; } = () => "hello";

        public Uri? Proxy { get; set; }

        [Secret]
        public IDictionary<string, string> Recovery { get; } = new Dictionary<string, string>();

        public IList<Relay> Relays { get; } = [];

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Password is { Length: < 10 })
            {
                yield return new("Must be long.", [nameof(Password)]);
            }
        }
    }

    private sealed class Relay
    {
        [Range(1, 65535)]
        public int Port { get; set; } = 1;

        public string? ApiToken { get; set; }
    }
}
