; The installer for Windows, for one user or, with an administrator's consent, for all users of the PC.
; Built by installers/windows.py. /AllUsers and /CurrentUser choose without a question; /S is silent, and an
; update stays where the version before was put.
; Exit codes of a silent run: 0 done, 1 cancelled, 2 failed, 5 the program is running, 6 Windows is too old,
; 7 only an administrator may.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetCompressorDictSize 64
RequestExecutionLevel user
ManifestDPIAware true

!include MUI2.nsh
!include nsDialogs.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh

!define TITLE "食药安工作台"
!define COMPANY "fsdesk contributors"
!define SETTINGS "Software\fsdesk"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\fsdesk"
!define CLASSES "Software\Classes"
!define RUNNING "${TITLE}正在运行。$\r$\n$\r$\n请先关闭程序窗口，再重新操作。已填的数据都在，不会丢失。"
!define TOO_OLD "${TITLE}需要 Windows 10 或更高版本。$\r$\n$\r$\n这台电脑可用 WPS 或 Excel 直接填写下发的表格。"
!define NOT_ALLOWED "没有得到管理员的许可，什么都没有改动。$\r$\n$\r$\n没有管理员密码时，请选“只为我安装”。"
!define TWICE "这台电脑上已为另一范围安装了${TITLE}。继续会再装一份，菜单里会有两个。$\r$\n$\r$\n建议先取消，卸载原来的再安装，数据不受影响。要继续吗？"

Var AllUsers ; "1": for all users of the PC
Var Chosen   ; "1": told on the command line, and not asked
Var ForMe
Var ForAll

Name "${TITLE}"
BrandingText "${TITLE} ${VERSION}"
OutFile "${OUT}"
VIProductVersion "${VERSION}.0"
VIFileVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 "ProductName" "${TITLE}"
VIAddVersionKey /LANG=2052 "CompanyName" "${COMPANY}"
VIAddVersionKey /LANG=2052 "FileDescription" "${TITLE} 安装程序"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "LegalCopyright" "${COPYRIGHT}"
VIAddVersionKey /LANG=2052 "InternalName" "fsdesk-setup"
VIAddVersionKey /LANG=2052 "OriginalFilename" "fsdesk-${VERSION}-windows-x64.exe"
!ifdef SIGN
    !uninstfinalize `${SIGN}`
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION OpenProgram
!define MUI_FINISHPAGE_RUN_TEXT "打开${TITLE}"
!insertmacro MUI_PAGE_WELCOME
Page custom AskScope TakeScope
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

; A program that runs can't be opened for writing.
!macro LEAVE_WHEN_RUNNING
    ${If} ${FileExists} "$INSTDIR\fsdesk.exe"
        ClearErrors
        FileOpen $0 "$INSTDIR\fsdesk.exe" a
        ${If} ${Errors}
            MessageBox MB_OK|MB_ICONEXCLAMATION "${RUNNING}" /SD IDOK
            SetErrorLevel 5
            Quit
        ${EndIf}
        FileClose $0
    ${EndIf}
!macroend

; Tell in $0 whether the user that runs this is an administrator with all rights.
!macro ASK_ADMIN
    UserInfo::GetAccountType
    Pop $0
!macroend

; Where it goes, unless /D named a folder: where it is, or the usual place of that scope.
Function UseScope
    StrCpy $0 ""
    ${If} $AllUsers == "1"
        SetShellVarContext all
        ReadRegStr $0 HKLM "${SETTINGS}" "InstallDir"
        ${If} $0 == ""
            StrCpy $0 "$PROGRAMFILES64\fsdesk"
        ${EndIf}
    ${Else}
        SetShellVarContext current
        ReadRegStr $0 HKCU "${SETTINGS}" "InstallDir"
        ${If} $0 == ""
            StrCpy $0 "$LOCALAPPDATA\Programs\fsdesk"
        ${EndIf}
    ${EndIf}
    ${If} $INSTDIR == ""
    ${OrIf} $Chosen != "1"
        StrCpy $INSTDIR $0
    ${EndIf}
FunctionEnd

Function .onInit
    ${IfNot} ${AtLeastWin10}
        MessageBox MB_OK|MB_ICONSTOP "${TOO_OLD}" /SD IDOK
        SetErrorLevel 6
        Quit
    ${EndIf}
    StrCpy $AllUsers ""
    ReadRegStr $0 HKCU "${SETTINGS}" "InstallDir"
    ReadRegStr $1 HKLM "${SETTINGS}" "InstallDir"
    ${If} $0 == ""
    ${AndIf} $1 != ""
        StrCpy $AllUsers "1"
    ${EndIf}
    ${GetParameters} $2
    ClearErrors
    ${GetOptions} $2 "/AllUsers" $3
    ${IfNot} ${Errors}
        StrCpy $AllUsers "1"
        StrCpy $Chosen "1"
    ${EndIf}
    ClearErrors
    ${GetOptions} $2 "/CurrentUser" $3
    ${IfNot} ${Errors}
        StrCpy $AllUsers ""
        StrCpy $Chosen "1"
    ${EndIf}
    ${If} $INSTDIR != "" ; by /D
        StrCpy $Chosen "1"
    ${EndIf}
    Call UseScope
    ${If} ${Silent}
    ${AndIf} $AllUsers == "1"
        !insertmacro ASK_ADMIN
        ${If} $0 != "Admin"
            SetErrorLevel 7
            Quit
        ${EndIf}
    ${EndIf}
FunctionEnd

Function AskScope
    ${If} $Chosen == "1"
        Abort
    ${EndIf}
    !insertmacro MUI_HEADER_TEXT "为谁安装" "数据总是每个用户各存一份，互不相见。"
    nsDialogs::Create 1018
    Pop $0
    ${NSD_CreateRadioButton} 0 8u 100% 14u "只为我安装（不需要管理员，建议）"
    Pop $ForMe
    ${NSD_CreateRadioButton} 0 28u 100% 14u "为这台电脑的所有用户安装（需要管理员许可）"
    Pop $ForAll
    ${If} $AllUsers == "1"
        ${NSD_Check} $ForAll
    ${Else}
        ${NSD_Check} $ForMe
    ${EndIf}
    nsDialogs::Show
FunctionEnd

Function TakeScope
    ${NSD_GetState} $ForAll $0
    StrCpy $AllUsers ""
    ReadRegStr $1 HKLM "${SETTINGS}" "InstallDir"
    ${If} $0 == ${BST_CHECKED}
        StrCpy $AllUsers "1"
        ReadRegStr $1 HKCU "${SETTINGS}" "InstallDir"
    ${EndIf}
    ${If} $1 != ""
        MessageBox MB_YESNO|MB_DEFBUTTON2|MB_ICONEXCLAMATION "${TWICE}" IDYES +2
        Abort
    ${EndIf}
    ${If} $AllUsers == "1"
        !insertmacro ASK_ADMIN
        ${If} $0 != "Admin"
            ClearErrors
            ExecShell "runas" "$EXEPATH" "/AllUsers"
            ${If} ${Errors}
                MessageBox MB_OK|MB_ICONEXCLAMATION "${NOT_ALLOWED}"
                Abort
            ${EndIf}
            Quit ; the one with an administrator's rights goes on
        ${EndIf}
    ${EndIf}
    Call UseScope
FunctionEnd

; As the user and not as the administrator who consented: data belong to the user.
Function OpenProgram
    ${If} $AllUsers == "1"
        Exec '"$WINDIR\explorer.exe" "$INSTDIR\fsdesk.exe"'
    ${Else}
        Exec '"$INSTDIR\fsdesk.exe"'
    ${EndIf}
FunctionEnd

Section
    !insertmacro LEAVE_WHEN_RUNNING
    ; Nothing of an earlier version stays behind; the folder may hold files of the user.
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\fsdesk.exe"
    Delete "$INSTDIR\fsdesk-command.exe"
    SetOutPath "$INSTDIR"
    ClearErrors
    ; The two programs hold the same modules: side by side they are packed as one.
    File "${STARTS}/fsdesk.exe"
    File "${STARTS}/fsdesk-command.exe"
    File /r "${PROGRAM}/_internal"
    ${If} ${Errors}
        MessageBox MB_OK|MB_ICONSTOP "文件没有全部写入。请检查磁盘空间和安全软件的拦截记录，然后重新运行安装程序。" /SD IDOK
        SetErrorLevel 2
        Quit
    ${EndIf}
    WriteUninstaller "$INSTDIR\uninstall.exe"

    CreateShortCut "$SMPROGRAMS\${TITLE}.lnk" "$INSTDIR\fsdesk.exe"
    CreateShortCut "$DESKTOP\${TITLE}.lnk" "$INSTDIR\fsdesk.exe"

    WriteRegStr SHCTX "${SETTINGS}" "InstallDir" "$INSTDIR"
    WriteRegStr SHCTX "${UNINSTALL}" "DisplayName" "${TITLE}"
    WriteRegStr SHCTX "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr SHCTX "${UNINSTALL}" "Publisher" "${COMPANY}"
    WriteRegStr SHCTX "${UNINSTALL}" "DisplayIcon" "$INSTDIR\fsdesk.exe"
    WriteRegStr SHCTX "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr SHCTX "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr SHCTX "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD SHCTX "${UNINSTALL}" "EstimatedSize" ${KILOBYTES}
    WriteRegDWORD SHCTX "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD SHCTX "${UNINSTALL}" "NoRepair" 1

    WriteRegStr SHCTX "${CLASSES}\.fsdesk" "" "fsdesk.packet"
    WriteRegStr SHCTX "${CLASSES}\fsdesk.packet" "" "${TITLE}报送包"
    WriteRegStr SHCTX "${CLASSES}\fsdesk.packet\DefaultIcon" "" "$INSTDIR\fsdesk.exe,0"
    WriteRegStr SHCTX "${CLASSES}\fsdesk.packet\shell\open\command" "" '"$INSTDIR\fsdesk.exe" "%1"'
    WriteRegStr SHCTX "${CLASSES}\.fsupdate" "" "fsdesk.update"
    WriteRegStr SHCTX "${CLASSES}\fsdesk.update" "" "${TITLE}更新包"
    WriteRegStr SHCTX "${CLASSES}\fsdesk.update\DefaultIcon" "" "$INSTDIR\fsdesk.exe,0"
    WriteRegStr SHCTX "${CLASSES}\fsdesk.update\shell\open\command" "" '"$INSTDIR\fsdesk.exe" "%1"'
    ${RefreshShellIcons}
SectionEnd

Function un.onInit
    StrCpy $AllUsers ""
    ReadRegStr $0 HKLM "${SETTINGS}" "InstallDir"
    ${If} $0 == $INSTDIR
        StrCpy $AllUsers "1"
        SetShellVarContext all
        !insertmacro ASK_ADMIN
        ${If} $0 != "Admin"
            ${IfNot} ${Silent}
                ExecShell "runas" "$INSTDIR\uninstall.exe"
            ${EndIf}
            SetErrorLevel 7
            Quit
        ${EndIf}
    ${EndIf}
    !insertmacro LEAVE_WHEN_RUNNING
FunctionEnd

Section Uninstall
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\fsdesk.exe"
    Delete "$INSTDIR\fsdesk-command.exe"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\${TITLE}.lnk"
    Delete "$DESKTOP\${TITLE}.lnk"
    DeleteRegKey SHCTX "${SETTINGS}"
    DeleteRegKey SHCTX "${UNINSTALL}"
    DeleteRegKey SHCTX "${CLASSES}\.fsdesk"
    DeleteRegKey SHCTX "${CLASSES}\fsdesk.packet"
    DeleteRegKey SHCTX "${CLASSES}\.fsupdate"
    DeleteRegKey SHCTX "${CLASSES}\fsdesk.update"
    ${un.RefreshShellIcons}

    ; Data stays unless somebody says otherwise; a silent run keeps it unless told /PURGE. An administrator
    ; who uninstalls for all is asked nothing: what the others typed is theirs.
    SetShellVarContext current
    ${GetParameters} $1
    ClearErrors
    ${GetOptions} $1 "/PURGE" $2
    IfErrors 0 purge
    StrCmp $AllUsers "1" kept
    MessageBox MB_YESNO|MB_DEFBUTTON2|MB_ICONQUESTION "程序已卸载。$\r$\n$\r$\n要同时删除本机填报的数据吗？删除后不能恢复；不确定时请选“否”。" /SD IDNO IDYES purge
    Goto kept
purge:
    RMDir /r "$LOCALAPPDATA\fsdesk"
    RMDir /r "$LOCALAPPDATA\fsdesk-示例工作区"
    RMDir /r "$APPDATA\fsdesk"
kept:
SectionEnd
