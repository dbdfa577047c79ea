using System.Diagnostics;

namespace ApiSvc.BrokerTests.Clients;

/// <summary>A member of a group that is killed in the middle of its work, with nothing committed.</summary>
internal static class KilledKcat
{
    public static async Task ConsumeAsync(string broker, string group, string topic)
    {
        using var kcat = Process.Start(
            new ProcessStartInfo(
                "kcat",
                [
                    .. (string[])["-b", broker, "-G", group, "-q", "-u"],
                    .. (string[])["-X", "auto.offset.reset=earliest"],
                    .. (string[])["-X", "enable.auto.commit=false"],
                    .. (string[])["-X", "session.timeout.ms=1500"],
                    topic,
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        var line = await kcat.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        kcat.Kill();
        await kcat.WaitForExitAsync();
        line.ShouldNotBeNull();
    }
}
