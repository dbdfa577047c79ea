using System.Diagnostics;

namespace ApiSvc.Testing;

/// <summary>Runs a program to its end.</summary>
public static class ChildProgram
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(25);

    /// <param name="start">The program; what it reads and writes is redirected.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="patience">How long it may take; 25 seconds unless said.</param>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has what it wrote.</exception>
    /// <exception cref="TimeoutException">It did not end in time, and was killed.</exception>
    public static async Task<string> RunAsync(
        ProcessStartInfo start,
        string input = "",
        TimeSpan? patience = null
    )
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
            await process.WaitForExitAsync().WaitAsync(patience ?? DefaultPatience);
        }
        catch (TimeoutException late)
        {
            process.Kill();
            throw new TimeoutException($"{start.FileName} did not end: {await errors}", late);
        }

        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"{start.FileName} ended with {process.ExitCode}: {await output} {await errors}"
            );
    }
}
