namespace ApiSvc.Bench.Gateway;

/// <summary>Tells on the error output what is being done; the output has results alone.</summary>
internal sealed class Progress(bool isQuiet)
{
    public void Say(string what)
    {
        if (!isQuiet)
        {
            Console.Error.WriteLine(what);
        }
    }
}
