using System.Diagnostics;

namespace ApiSvc.BrokerTests.Clients;

/// <summary>Runs a client program to its end.</summary>
internal static class ChildProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    public static async Task<string> RunAsync(ProcessStartInfo start, string input = "")
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException late)
        {
            process.Kill();
            throw new TimeoutException($"{start.FileName} did not end: {await errors}", late);
        }

        process.ExitCode.ShouldBe(0, $"{start.FileName}: {await errors}");
        return await output;
    }
}
