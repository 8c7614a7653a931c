/** The completion scripts of the shells, which call `sfcompose __complete`. */
import { createChoice, type OptionalSetting } from '../../config/setting.ts';
import { literal, type Printable } from '../../platform/printable.ts';

const shells = {
  bash: 'GNU Bash',
  zsh: 'Z shell',
  fish: 'fish',
  powershell: 'PowerShell and Windows PowerShell',
};

/** Shells that completion supports. */
export type CompletionShell = keyof typeof shells;

/** The argument of `completion`. */
export const shellSetting: OptionalSetting<CompletionShell> = { flag: '<shell>', ...createChoice(shells) };

/** How to install the scripts, for `--help`. */
export const installation = `Installation:
  bash        add to ~/.bashrc: eval "$(sfcompose completion bash)"
  zsh         sfcompose completion zsh > "\${fpath[1]}/_sfcompose"
  fish        sfcompose completion fish > ~/.config/fish/completions/sfcompose.fish
  powershell  add to $PROFILE: sfcompose completion powershell | Out-String | Invoke-Expression`;

/**
 * The scripts put an underscore before each typed word, so that none is parsed as an option and none is empty, which
 * PowerShell would drop. The first line of the answer tells whether the shell completes file names.
 */
export const scripts: Readonly<Record<CompletionShell, Printable>> = {
  bash: literal`# bash completion for sfcompose
_sfcompose() {
  local kind word
  COMPREPLY=()
  {
    IFS= read -r kind
    while IFS= read -r word; do COMPREPLY+=("$word"); done
  } < <(sfcompose __complete --bash "_\${COMP_LINE:0:COMP_POINT}" "_$2" 2>/dev/null)
  # By default readline offers files where there is nothing else.
  [[ $kind == :files ]] || compopt +o default 2>/dev/null
}
complete -o default -F _sfcompose sfcompose
`,
  zsh: literal`#compdef sfcompose
_sfcompose() {
  local -a typed answer candidates
  local candidate word
  typed=("\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}")
  answer=("\${(@f)$(sfcompose __complete "\${(@)typed/#/_}" 2>/dev/null)}")
  if [[ $answer[1] == :files ]]; then
    [[ $PREFIX == --*=* ]] && compset -P 1 '*='
    _files
    return
  fi
  for candidate in "\${(@)answer[2,-1]}"; do
    word=\${\${candidate%%$'\\t'*}//\\\\/\\\\\\\\}
    candidates+=("\${word//:/\\\\:}:\${candidate#*$'\\t'}")
  done
  _describe -V sfcompose candidates
}
# The first time it is loaded from a folder of fpath it is run as well.
if [[ $funcstack[1] == _sfcompose ]]; then _sfcompose "$@"; else compdef _sfcompose sfcompose; fi
`,
  fish: literal`# fish completion for sfcompose
function __sfcompose_complete
    set -l typed (commandline -opc)
    set -l current (string unescape -- (commandline -ct))
    set -e typed[1]
    set -l answer (sfcompose __complete _$typed "_$current" 2>/dev/null)
    if test "$answer[1]" = :files
        # As for a command without completions.
        complete -C "'' "(commandline -ct)
    else
        printf '%s\\n' $answer[2..-1]
    end
end
complete -c sfcompose -f -k -a '(__sfcompose_complete)'
`,
  powershell: literal`# PowerShell completion for sfcompose
Register-ArgumentCompleter -Native -CommandName sfcompose -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $typed = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { if ($_.Value -is [string]) { "_$($_.Value)" } else { "_$_" } })
    if ($wordToComplete -eq '') { $typed += '_' }
    $kind, $candidates = @(sfcompose __complete @typed 2>$null)
    # Where nothing is returned files are offered.
    if ($kind -eq ':files') { return }
    if (-not $candidates) { return '' }
    foreach ($candidate in $candidates) {
        $word, $meaning = $candidate -split "\`t", 2
        # Before version 7.3 PowerShell does not escape these for programs, and never for scripts of cmd.
        if ($word -match '["&|<>^%]|\\\\$') { continue }
        $text = if ($word -match '^[-\\w./:=]+$') { $word } else {
            "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($word) + "'"
        }
        if (-not $meaning) { $meaning = $word }
        [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $meaning)
    }
}
`,
};
