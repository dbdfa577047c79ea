using System.Runtime.InteropServices;

namespace KafkaBroker;

/// <summary>SIGTERM and SIGINT end the broker in order instead of at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _received = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        ];
    }

    public Task Received => _received.Task;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _received.TrySetResult();
    }
}
