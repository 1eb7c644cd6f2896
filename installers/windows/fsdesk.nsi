; The installer for Windows: one user, no administrator. Built by installers/windows.py.
; Exit codes of a silent run: 0 done, 1 cancelled, 2 failed, 5 the program is running, 6 Windows is too old.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetCompressorDictSize 64
RequestExecutionLevel user
ManifestDPIAware true

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh

!define TITLE "食药安工作台"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\fsdesk"
!define CLASSES "Software\Classes"
!define RUNNING "${TITLE}正在运行。$\r$\n$\r$\n请先关闭程序窗口，再重新操作。已填的数据都在，不会丢失。"
!define TOO_OLD "${TITLE}需要 Windows 10 或更高版本。$\r$\n$\r$\n这台电脑可用 WPS 或 Excel 直接填写下发的表格。"

Name "${TITLE}"
BrandingText "${TITLE} ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\fsdesk"
InstallDirRegKey HKCU "Software\fsdesk" "InstallDir"
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 "ProductName" "${TITLE}"
VIAddVersionKey /LANG=2052 "FileDescription" "${TITLE} 安装程序"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "LegalCopyright" "fsdesk contributors"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\fsdesk.exe"
!define MUI_FINISHPAGE_RUN_TEXT "打开${TITLE}"
!insertmacro MUI_PAGE_WELCOME
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

Function .onInit
    ${IfNot} ${AtLeastWin10}
        MessageBox MB_OK|MB_ICONSTOP "${TOO_OLD}" /SD IDOK
        SetErrorLevel 6
        Quit
    ${EndIf}
FunctionEnd

Function un.onInit
    !insertmacro LEAVE_WHEN_RUNNING
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
    File "${PROGRAM}/fsdesk.exe"
    File "${PROGRAM}/fsdesk-command.exe"
    File /r "${PROGRAM}/_internal"
    ${If} ${Errors}
        MessageBox MB_OK|MB_ICONSTOP "文件没有全部写入。请检查磁盘空间和安全软件的拦截记录，然后重新运行安装程序。" /SD IDOK
        SetErrorLevel 2
        Quit
    ${EndIf}
    WriteUninstaller "$INSTDIR\uninstall.exe"

    CreateShortCut "$SMPROGRAMS\${TITLE}.lnk" "$INSTDIR\fsdesk.exe"
    CreateShortCut "$DESKTOP\${TITLE}.lnk" "$INSTDIR\fsdesk.exe"

    WriteRegStr HKCU "Software\fsdesk" "InstallDir" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${TITLE}"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL}" "Publisher" "fsdesk contributors"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\fsdesk.exe"
    WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KILOBYTES}
    WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1

    WriteRegStr HKCU "${CLASSES}\.fsdesk" "" "fsdesk.packet"
    WriteRegStr HKCU "${CLASSES}\fsdesk.packet" "" "${TITLE}报送包"
    WriteRegStr HKCU "${CLASSES}\fsdesk.packet\DefaultIcon" "" "$INSTDIR\fsdesk.exe,0"
    WriteRegStr HKCU "${CLASSES}\fsdesk.packet\shell\open\command" "" '"$INSTDIR\fsdesk.exe" "%1"'
    WriteRegStr HKCU "${CLASSES}\.fsupdate" "" "fsdesk.update"
    WriteRegStr HKCU "${CLASSES}\fsdesk.update" "" "${TITLE}更新包"
    WriteRegStr HKCU "${CLASSES}\fsdesk.update\DefaultIcon" "" "$INSTDIR\fsdesk.exe,0"
    WriteRegStr HKCU "${CLASSES}\fsdesk.update\shell\open\command" "" '"$INSTDIR\fsdesk.exe" "%1"'
    ${RefreshShellIcons}
SectionEnd

Section Uninstall
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\fsdesk.exe"
    Delete "$INSTDIR\fsdesk-command.exe"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\${TITLE}.lnk"
    Delete "$DESKTOP\${TITLE}.lnk"
    DeleteRegKey HKCU "Software\fsdesk"
    DeleteRegKey HKCU "${UNINSTALL}"
    DeleteRegKey HKCU "${CLASSES}\.fsdesk"
    DeleteRegKey HKCU "${CLASSES}\fsdesk.packet"
    DeleteRegKey HKCU "${CLASSES}\.fsupdate"
    DeleteRegKey HKCU "${CLASSES}\fsdesk.update"
    ${un.RefreshShellIcons}

    ; Data stays unless somebody says otherwise; a silent run keeps it unless told /PURGE.
    ${GetParameters} $1
    ClearErrors
    ${GetOptions} $1 "/PURGE" $2
    IfErrors 0 purge
    MessageBox MB_YESNO|MB_DEFBUTTON2|MB_ICONQUESTION "程序已卸载。$\r$\n$\r$\n要同时删除本机填报的数据吗？删除后不能恢复；不确定时请选“否”。" /SD IDNO IDYES purge
    Goto kept
purge:
    RMDir /r "$LOCALAPPDATA\fsdesk"
    RMDir /r "$LOCALAPPDATA\fsdesk-示例工作区"
    RMDir /r "$APPDATA\fsdesk"
kept:
SectionEnd
